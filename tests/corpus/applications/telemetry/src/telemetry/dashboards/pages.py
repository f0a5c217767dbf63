from flama.http import HTMLResponse


def page():
    return HTMLResponse("<h1>boards</h1>")


def editor(board: str):
    return HTMLResponse(board)
