from flama import Router

reports = Router()

PERIODS = dict(daily="day", weekly="week", monthly="month")
KINDS = ["balance", "profit"]


def report(on: str = "today"):
    return on


for kind in KINDS:
    for adjective, noun in PERIODS.items():
        reports.add_get(f"/{kind}/{adjective}/", report, name=f"{kind}-{noun}")
