import typing as t

P = t.ParamSpec("P")
R = t.TypeVar("R")


def paginated(limit: int = 100) -> t.Callable[[t.Callable[P, R]], t.Callable[P, R]]:
    """Marks a view; the view itself is what is registered."""

    def mark(view: t.Callable[P, R]) -> t.Callable[P, R]:
        view.page_limit = limit  # type: ignore[attr-defined]
        return view

    return mark
