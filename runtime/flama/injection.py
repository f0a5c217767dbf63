"""Components: values that views ask for by type, or by any rule of the application's own.

    class CurrentUser(Component):
        async def resolve(self, request: Request, token: str) -> User: ...

    app = Flama(components=[CurrentUser()])

    @app.get("/me/")
    async def me(user: User): ...

How views get their parameters is in `flama._planning`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Self

from flama._arguments import items_of
from flama._signatures import EMPTY, Parameter, describe, read, remember_names, resolve
from flama.coercion import named
from flama.exceptions import ApplicationError

__all__ = ["Component", "Components", "Parameter"]


class Component:
    """Resolves one kind of parameter. Subclasses define `resolve`, sync or async.

    The parameters of `resolve` are filled like a view's; `Parameter` there is the parameter that
    is being resolved.
    """

    cacheable: ClassVar[bool] = True
    """Resolve once per request and type, rather than at each use."""

    def can_handle_parameter(self, parameter: Parameter) -> bool:
        """Whether this component resolves a parameter: by default, when its annotation *is* the
        return annotation of `resolve`.

        :raises ApplicationError: `resolve` has no return annotation.
        """
        returns = self.returns
        if returns is EMPTY:
            raise ApplicationError(
                f"{describe(type(self))}.resolve has no return annotation, so it cannot be told "
                "which parameters it resolves: add one, or define can_handle_parameter"
            )
        wanted = named(parameter.annotation)
        return wanted is returns or (wanted is not EMPTY and _same(wanted, returns))

    @property
    def returns(self) -> Any:
        """The return annotation of `resolve`."""
        try:
            return self.__dict__["_returns"]
        except KeyError:
            found = named(resolve(read(self._resolver)).returns)
            self.__dict__["_returns"] = found
            return found

    @property
    def _resolver(self) -> Any:
        resolver = getattr(self, "resolve", None)
        if not callable(resolver):
            raise ApplicationError(f"{describe(type(self))} has no method 'resolve'")
        return resolver

    def __str__(self) -> str:
        return type(self).__name__


class Components(list[Component]):
    """The components of one application, in registration order: the first that can, resolves."""

    def __init__(self, components: Iterable[Component] | None = None) -> None:
        super().__init__()
        self.watchers: list[Callable[[], None]] = []
        """Called when a component was added: who planned views without it plans them anew."""
        self.extend(items_of("components", components))

    def append(self, component: Component) -> None:
        """Add one component.

        :raises ApplicationError: It is not a component.
        """
        self.insert(len(self), component)

    def insert(self, index: Any, component: Component) -> None:
        """Add one component before others.

        :raises ApplicationError: It is not a component.
        """
        if not isinstance(component, Component):
            hint = " (an instance is wanted, not the class)" if isinstance(component, type) else ""
            raise ApplicationError(f"components: {component!r} is not a Component{hint}")
        remember_names(type(component))
        super().insert(index, component)
        for tell in self.watchers:
            tell()

    def extend(self, components: Iterable[Component]) -> None:
        """Add several components.

        :raises ApplicationError: One is not a component.
        """
        for component in components:
            self.append(component)

    def __iadd__(self, components: Iterable[Component]) -> Self:  # type: ignore[override, misc]
        self.extend(components)
        return self


def _same(annotation: Any, returns: Any) -> bool:
    """Equal generic aliases, such as `list[User]` written twice, are one type."""
    return (
        not isinstance(annotation, type)
        and type(annotation) is type(returns)
        and bool(annotation == returns)
    )
