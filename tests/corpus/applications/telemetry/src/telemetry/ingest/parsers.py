def influx(strict: bool = True): ...


def statsd(strict: bool = False): ...


def otlp(): ...


PARSERS = {"influx": influx, "statsd": statsd}
PARSERS["otlp"] = otlp
