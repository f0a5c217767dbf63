from flama.http import RedirectResponse

MOVED = (
    ("/old/login", "/accounts/login"),
    ("/old/upload", "/media/files"),
)


def redirect_to(target):
    def view():
        return RedirectResponse(target)

    return view


def register(app):
    for index, (old, new) in enumerate(MOVED):
        app.add_route(old, redirect_to(new), name=f"moved-{index}", include_in_schema=False)
