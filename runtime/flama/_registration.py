"""The ways to register routes that a `Flama` and a `Router` share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from flama._arguments import check_path
from flama.exceptions import ApplicationError

if TYPE_CHECKING:
    from flama.routing import Mount, Route, WebSocketRoute

__all__ = ["Registration"]

View = TypeVar("View")
Decorator = Callable[[View], View]


class Registration:
    """Decorators and `add_…` methods; what they make goes to `add_entry`."""

    def add_entry(self, route: Any) -> None:
        """Append one entry to the routes."""
        raise NotImplementedError

    def route(
        self,
        path: str,
        methods: Iterable[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = True,
        *,
        tags: Mapping[str, Any] | None = None,
        pagination: Any = None,
    ) -> Callable[[View], View]:
        """Register the decorated view, function or class, and return it as it is.

        :raises ValueError: The path is no template.
        :raises ApplicationError: Another argument is unsuitable.
        """
        check_path(path)

        def register(view: View) -> View:
            self.add_route(
                path,
                view,
                methods,
                name=name,
                include_in_schema=include_in_schema,
                tags=tags,
                pagination=pagination,
            )
            return view

        return register

    def add_route(
        self,
        path: str | None = None,
        endpoint: Any = None,
        methods: Iterable[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = True,
        *,
        tags: Mapping[str, Any] | None = None,
        pagination: Any = None,
        route: Route | None = None,
    ) -> Route:
        """Register a view, or a ready `Route`.

        :raises ValueError: The path is no template.
        :raises ApplicationError: Another argument is unsuitable.
        """
        from flama.routing import Route

        if pagination is not None:
            raise ApplicationError(f"pagination={pagination!r}: pagination is not offered")
        if route is None:
            if path is None or endpoint is None:
                raise ApplicationError(
                    f"path={path!r}, endpoint={endpoint!r}: either both or 'route' are needed"
                )
            route = Route(
                path,
                endpoint,
                methods=methods,
                name=name,
                include_in_schema=include_in_schema,
                tags=tags,
            )
        elif not isinstance(route, Route):
            raise ApplicationError(f"route={route!r} is not a Route")
        self.add_entry(route)
        return route

    def websocket_route(
        self,
        path: str,
        name: str | None = None,
        include_in_schema: bool = True,
        *,
        tags: Mapping[str, Any] | None = None,
        pagination: Any = None,
    ) -> Callable[[View], View]:
        """Register the decorated websocket view, function or class, and return it as it is.

        :raises ValueError: The path is no template.
        :raises ApplicationError: Another argument is unsuitable.
        """
        check_path(path)

        def register(view: View) -> View:
            self.add_websocket_route(
                path,
                view,
                name=name,
                include_in_schema=include_in_schema,
                tags=tags,
                pagination=pagination,
            )
            return view

        return register

    def add_websocket_route(
        self,
        path: str | None = None,
        endpoint: Any = None,
        name: str | None = None,
        include_in_schema: bool = True,
        *,
        tags: Mapping[str, Any] | None = None,
        pagination: Any = None,
        route: WebSocketRoute | None = None,
    ) -> WebSocketRoute:
        """Register a websocket view, or a ready `WebSocketRoute`.

        :raises ValueError: The path is no template.
        :raises ApplicationError: Another argument is unsuitable.
        """
        from flama.routing import WebSocketRoute

        if pagination is not None:
            raise ApplicationError(f"pagination={pagination!r}: pagination is not offered")
        if route is None:
            if path is None or endpoint is None:
                raise ApplicationError(
                    f"path={path!r}, endpoint={endpoint!r}: either both or 'route' are needed"
                )
            route = WebSocketRoute(
                path, endpoint, name=name, include_in_schema=include_in_schema, tags=tags
            )
        elif not isinstance(route, WebSocketRoute):
            raise ApplicationError(f"route={route!r} is not a WebSocketRoute")
        self.add_entry(route)
        return route

    def mount(
        self,
        path: str | None = None,
        app: Any = None,
        name: str | None = None,
        *,
        path_prefix: str | None = None,
        app_to_mount: Any = None,
        mount: Mount | None = None,
        tags: Mapping[str, Any] | None = None,
    ) -> Mount:
        """Serve another application under a prefix. `path_prefix` and `app_to_mount` are other
        names of `path` and `app`.

        :raises ValueError: The path is no template.
        :raises ApplicationError: Another argument is unsuitable, or two mounts form a circle.
        """
        from flama.routing import Mount

        path = _either("path", path, "path_prefix", path_prefix)
        app = _either("app", app, "app_to_mount", app_to_mount)
        if mount is None:
            if path is None or app is None:
                raise ApplicationError(
                    f"path={path!r}, app={app!r}: either both or 'mount' are needed"
                )
            mount = Mount(path, app, name=name, tags=tags)
        elif not isinstance(mount, Mount):
            raise ApplicationError(f"mount={mount!r} is not a Mount")
        self.add_entry(mount)
        return mount

    # One shorthand per method. Written out, so that editors and type checkers know them.

    def get(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for GET (and HEAD)."""
        return self.route(path, ["GET"], **options)

    def post(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for POST."""
        return self.route(path, ["POST"], **options)

    def put(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for PUT."""
        return self.route(path, ["PUT"], **options)

    def delete(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for DELETE."""
        return self.route(path, ["DELETE"], **options)

    def patch(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for PATCH."""
        return self.route(path, ["PATCH"], **options)

    def options(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for OPTIONS."""
        return self.route(path, ["OPTIONS"], **options)

    def head(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for HEAD."""
        return self.route(path, ["HEAD"], **options)

    def connect(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for CONNECT."""
        return self.route(path, ["CONNECT"], **options)

    def trace(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for TRACE."""
        return self.route(path, ["TRACE"], **options)

    def query(self, path: str, **options: Any) -> Callable[[View], View]:
        """`route` for QUERY."""
        return self.route(path, ["QUERY"], **options)

    def add_get(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for GET (and HEAD)."""
        return self.add_route(path, endpoint, ["GET"], **options)

    def add_post(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for POST."""
        return self.add_route(path, endpoint, ["POST"], **options)

    def add_put(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for PUT."""
        return self.add_route(path, endpoint, ["PUT"], **options)

    def add_delete(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for DELETE."""
        return self.add_route(path, endpoint, ["DELETE"], **options)

    def add_patch(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for PATCH."""
        return self.add_route(path, endpoint, ["PATCH"], **options)

    def add_options(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for OPTIONS."""
        return self.add_route(path, endpoint, ["OPTIONS"], **options)

    def add_head(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for HEAD."""
        return self.add_route(path, endpoint, ["HEAD"], **options)

    def add_connect(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for CONNECT."""
        return self.add_route(path, endpoint, ["CONNECT"], **options)

    def add_trace(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for TRACE."""
        return self.add_route(path, endpoint, ["TRACE"], **options)

    def add_query(self, path: str, endpoint: Any, **options: Any) -> Route:
        """`add_route` for QUERY."""
        return self.add_route(path, endpoint, ["QUERY"], **options)


def _either(first: str, value: Any, second: str, other: Any) -> Any:
    if value is not None and other is not None:
        raise ApplicationError(
            f"{first}={value!r} and {second}={other!r} are names of one argument"
        )
    return other if value is None else value
