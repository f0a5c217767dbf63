from flama.http import PlainTextResponse


def missing(request, exc):
    return PlainTextResponse("not in this edition", status_code=404)


handlers = [(404, missing)]
