_SPEC = "dpa, afp, reuters"
AGENCIES = [name.strip() for name in _SPEC.split(",")]
AGENCIES.sort()
