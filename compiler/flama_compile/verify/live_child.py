"""Runs in a process of its own: imports the application and says what it registered and answers.

Views, middleware and foreign applications are never called: a request ends where the router has
found who answers it. The question comes as JSON on stdin, the answer goes as JSON to the file that
the command line names, because importing an application may print whatever it likes.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["main"]

Key = tuple[int, ...]
"""Identities of the mounts above an entry, and its own: an application may be mounted twice."""


def main() -> int:
    """Answer the question on stdin; returns the exit code of the process."""
    question = json.load(sys.stdin)
    # Nothing that the application reads from stdin can be meant for us.
    sys.stdin = open("/dev/null")  # noqa: SIM115
    sys.path[:0] = question["path"]
    try:
        answer = _answer(question)
    except BaseException as error:
        trace = "".join(traceback.format_exception(error))
        answer = {"failed": f"{type(error).__name__}: {error}", "trace": trace}
    with open(sys.argv[1], "w", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(answer, file)
    return 0


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    name, _, attribute = question["app"].partition(":")
    module = importlib.import_module(name)
    app: Any = module
    for part in attribute.split("."):
        app = getattr(app, part)
    live = _Live(app)
    answer: dict[str, Any] = {"rows": live.rows(question["rows"]), "interpreted": []}
    asked = question["requests"][:: question["every"]]
    answer["interpreted"] = [live.answer(*request) for request in asked]
    if question["module"] is not None:
        try:
            compiled = _Compiled(question["module"], live)
        except Exception as error:
            answer["refused"] = f"{type(error).__name__}: {error}"
        else:
            answer["compiled"] = [compiled.answer(*request) for request in question["requests"]]
    return answer


class _Answered(Exception):
    """The entry that answers was found."""

    def __init__(self, key: Key, params: dict[str, Any]) -> None:
        self.key = key
        self.params = params


class _Live:
    """The registered application, and its interpreted router."""

    def __init__(self, app: Any) -> None:
        from flama._tree import router_of

        self.app = app
        self.router = router_of(app)
        if self.router is None:
            raise TypeError(f"{app!r} is no Flama application")
        self.entries = list(_walk(self.router, ()))
        self.places = {key: place for place, (key, _, _) in enumerate(self.entries)}
        self._catch()

    def rows(self, likes: Sequence[str]) -> list[str]:
        """One line an entry, as the loader would write it; `likes` are those of the source."""
        from flama._fingerprint import Words, fields, live_row, mount_row

        known = {tuple(fields(like.strip())[:2]): like.strip() for like in likes}
        rows = []
        words: Words = {}
        for _, entry, depth in self.entries:
            if entry.kind == "mount":
                row = mount_row(entry.path, entry.name, _mount_kind(entry.app))
            else:
                methods = ",".join(sorted(entry.methods)) if entry.kind == "http" else "WS"
                row = live_row(entry, known.get((methods or "-", entry.path), ""), words)
            rows.append("  " * depth + row)
        return rows

    def answer(self, protocol: str, method: str, path: str) -> list[Any]:
        """Who answers: word, place in the order, parameters, allowed methods."""
        from flama._matching import Prefix
        from flama.exceptions import MethodNotAllowedException, NotFoundException

        assert self.router is not None
        scope: dict[str, Any] = {
            "type": protocol,
            "method": method,
            "path": path,
            "root_path": "",
            "flama.prefix": Prefix({}, {}, {}),
            "flama.chain": (self.app,),
            "flama.places": (),
        }
        try:
            # Nothing is waited for on the way to an entry, so no event loop is needed.
            self.router.dispatch(scope, _nothing, _closed).send(None)
        except StopIteration:
            return ["refused", None, {}, []]
        except _Answered as found:
            params = {name: repr(value) for name, value in sorted(found.params.items())}
            return ["entry", self.places[found.key], params, []]
        except MethodNotAllowedException as error:
            return ["405", None, {}, sorted(error.allowed)]
        except NotFoundException:
            return ["404", None, {}, []]
        raise RuntimeError("the router waits for something before it finds an entry")

    def _catch(self) -> None:
        """Make every entry say that it was found, instead of serving the request."""
        from flama import routing
        from flama._matching import mounted_scope
        from flama._tree import router_of
        from flama.paths import CONVERTERS, Param

        async def route(entry: Any, scope: Any, receive: Any, send: Any, texts: Any) -> None:
            own = {
                part.name: CONVERTERS[part.type].convert(texts[part.name])
                for part in entry.segments
                if isinstance(part, Param)
            }
            key = (*scope["flama.places"], id(entry))
            raise _Answered(key, {**scope["flama.prefix"].values, **own})

        async def mount(
            entry: Any, scope: Any, receive: Any, send: Any, texts: Any, taken: Any, allowed: Any
        ) -> None:
            below = mounted_scope(scope, entry.segments, texts, taken, allowed)
            key = (*scope["flama.places"], id(entry))
            router = router_of(entry.app)
            if router is None:
                raise _Answered(key, below["path_params"])
            below["flama.chain"] = (entry.app, *scope["flama.chain"])
            below["flama.places"] = key
            await router.dispatch(below, receive, send)

        routing.Route.handle = route  # type: ignore[assignment]
        routing.WebSocketRoute.handle = route  # type: ignore[assignment]
        routing.Mount.handle = mount  # type: ignore[assignment]


class _Compiled:
    """The compiled module over the same registered application."""

    def __init__(self, text: str, live: _Live) -> None:
        import flama.dispatch

        self._live = live
        groups: dict[int, tuple[Any, Any]] = {}
        serve_group = flama.dispatch.serve_group

        def kept(view: Any, match_http: Any, match_websocket: Any) -> None:
            groups[id(view)] = (match_http, match_websocket)
            serve_group(view, match_http, match_websocket)

        names: dict[str, Any] = {"__name__": "compiled"}
        flama.dispatch.serve_group = kept
        try:
            exec(compile(text, "<compiled>", "exec", dont_inherit=True), names)
        finally:
            flama.dispatch.serve_group = serve_group
        self._groups = groups
        self._matches = (names["match_http"], names["match_websocket"])

    def answer(self, protocol: str, method: str, path: str) -> list[Any]:
        """Who answers, as `_Live.answer` says it, without the values of parameters."""
        matches, depth = self._matches, 0
        above: Key = ()
        parts = path.split("/")[1:]
        rest = path
        allowed: set[str] = set()
        while True:
            resource, _ = matches[protocol == "websocket"](rest)
            allowed |= set(resource)
            view = resource.get(method if protocol == "http" else "WEBSOCKET", resource.rest)
            if view is None:
                if protocol == "websocket":
                    return ["refused", None, {}, []]
                return ["404" if resource.hidden else "405", None, {}, _allowed(resource, allowed)]
            mounts = [mount for mount, _ in view.level.mounts]
            key: Key = (*above, *map(id, mounts), id(view.entry))
            if id(view) not in self._groups:
                place = self._live.places.get(key)
                return ["dynamic" if place is None else "entry", place, {}, []]
            matches, above = self._groups[id(view)], key
            depth += sum(len(mount.segments) for mount in (*mounts, view.entry))
            rest = "".join(f"/{part}" for part in parts[depth:]) or "/"


def _allowed(resource: Any, allowed: set[str]) -> list[str]:
    return [] if resource.hidden else sorted(allowed)


def _walk(router: Any, above: Key) -> Iterator[tuple[Key, Any, int]]:
    from flama._tree import router_of

    for entry in router.routes:
        key = (*above, id(entry))
        yield key, entry, len(above)
        if entry.kind == "mount" and (below := router_of(entry.app)) is not None:
            yield from _walk(below, key)


def _mount_kind(app: Any) -> str:
    from flama._tree import router_of

    if router_of(app) is None:
        return "foreign"
    return "group" if app.middleware or getattr(app, "exception_handlers", None) else "app"


async def _nothing() -> Any:
    raise AssertionError("nobody reads here")


async def _closed(message: Any) -> None:
    """A websocket that nothing answers is closed; the caller sees that nothing was found."""


if __name__ == "__main__":
    # Threads that the application started while it was imported must not keep us.
    os._exit(main())
