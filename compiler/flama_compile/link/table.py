"""From applications as they were found to the frozen table: prefixes joined, views read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flama import paths

from flama_compile.diagnostics import Label
from flama_compile.ir.routes import (
    App,
    DynamicSite,
    Entry,
    Handler,
    Mount,
    Param,
    Route,
    RouteTable,
    Template,
    View,
)
from flama_compile.link import classes, framework, handlers, operations, plain, views
from flama_compile.link.applications import Application, MountEntry, RouteEntry, Site
from flama_compile.link.dynamic import tell_site
from flama_compile.link.failures import Exhausted
from flama_compile.link.values import (
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    ListValue,
    Overlay,
    Property,
    SetValue,
    Unknown,
    Value,
)
from flama_compile.link.views import Reach

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["build"]

_NOT_CALLED = (Property, ListValue, DictValue, SetValue, tuple)
"""Attributes of a class that are no verbs whatever they are called."""
_ENTRY_LIMIT = 100_000
_MOUNT_LIMIT = 50
"""Mounts in mounts; beyond that the framework itself runs out of stack."""


def build(machine: Machine, app: str, root: Application) -> RouteTable:
    """The table of the application `module:attribute`."""
    module, _, attribute = app.partition(":")
    builder = _Builder(machine)
    return RouteTable(app, builder.app(root, Handler(module, attribute), "", (), ()))


def _in_reach(chain: tuple[Application, ...]) -> tuple[Application, ...]:
    """The applications whose components views can use: around them, then those named as parents."""
    found = list(chain)
    for app in found:
        if app.above is not None and not any(one is app.above for one in found):
            found.append(app.above)
    return tuple(found)


class _Builder:
    """Walks the tree of applications; every place where one is mounted is visited."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._chain: list[Application] = []
        self._entries = 0
        self._views: dict[Any, tuple[View, ...]] = {}

    def app(
        self,
        app: Application,
        ref: Handler,
        path: str,
        segments: Template,
        around: tuple[Application, ...],
    ) -> App:
        chain = (app, *around)
        self._entries += len(app.entries)
        if self._entries > _ENTRY_LIMIT:
            raise Exhausted(f"there are more than {_ENTRY_LIMIT:,} routes")
        if len(chain) > _MOUNT_LIMIT:
            raise Exhausted(f"applications are mounted more than {_MOUNT_LIMIT} deep")
        self._chain.append(app)
        views.check_components(self._machine, _in_reach(chain))
        entries: list[Entry] = []
        for entry in app.entries:
            match entry:
                case RouteEntry():
                    route = self._route(entry, path, segments, chain)
                    if route is not None:
                        entries.append(route)
                case MountEntry():
                    mount = self._mount(entry, path, segments, chain)
                    if mount is not None:
                        entries.append(mount)
                case Site():
                    if self._stands(entry):
                        entries.append(self._site(entry))
        self._chain.pop()
        layers = (app.middleware, app.handlers)
        certain = any(one.items and one.unknown is None for one in layers)
        doubtful = any(one.unknown is not None for one in layers)
        return App(
            ref=ref,
            kind=app.kind,
            group=certain or doubtful,
            components=self._components(app),
            entries=tuple(entries),
            span=app.span,
            group_late=doubtful and not certain,
        )

    def _components(self, app: Application) -> tuple[Handler, ...] | None:
        if app.components_unknown:
            return None
        return tuple(
            Handler(one.cls.module.name, one.cls.qualname)
            for one in app.components
            if isinstance(one, Instance)
        )

    def _stands(self, site: Site) -> bool:
        """Whether a site was met, or is all that can be said of a file that is declared."""
        return not site.tentative or site.span.file not in self._machine.used_declarations

    def _site(self, site: Site) -> DynamicSite:
        if not site.declared:
            tell_site(self._machine, site)
        return DynamicSite(site.reason, site.detail, site.span, site.span.file, site.declared)

    def _route(
        self, entry: RouteEntry, path: str, segments: Template, chain: tuple[Application, ...]
    ) -> Route | DynamicSite | None:
        machine = self._machine
        endpoint = entry.endpoint
        is_class = isinstance(endpoint, ClassValue)
        own = paths.parse(entry.path)
        if segments and not own:
            # `""` below a mount answers nothing; the framework warns and goes on.
            own = ()
        whole: Template = (*segments, *own)
        if not self._check_names(entry, whole, segments):
            return None
        verbs: list[str] = []
        if is_class:
            found = self._verbs(entry, endpoint)
            if not isinstance(found, list):
                return found
            verbs = found
        methods = self._methods(entry, endpoint, verbs)
        if methods is None or isinstance(methods, DynamicSite):
            return methods
        protocol = "http" if entry.kind == "http" else "websocket"
        reach = Reach(_in_reach(chain), _params(whole), protocol)
        handler, name = handlers.handler_of(machine, endpoint)
        given = plain.bare(entry.name)
        if given is not None:
            name = given if isinstance(given, str) else None
        deprecated, sunset = self._life(entry.tags)
        return Route(
            kind=entry.kind,
            own=entry.path,
            path=path + entry.path,
            segments=whole,
            methods=methods,
            handler=handler,
            is_class=is_class,
            views=self._read_views(endpoint, verbs, reach, entry),
            name=name,
            include_in_schema=entry.include_in_schema,
            span=entry.span,
            encoding=self._encoding(endpoint) if entry.kind == "websocket" and is_class else None,
            body_digest=handlers.digest_of(endpoint),
            deprecated=deprecated,
            sunset=sunset,
            path_span=entry.path_span,
        )

    def _life(self, tags: Value) -> tuple[bool | None, str | None]:
        """What tags say of `deprecated` and `sunset`; the former is None when it is not known."""
        if tags is None:
            return False, None
        if not isinstance(tags, DictValue) or tags.unknown is not None:
            return None, None
        deprecated = operations.truth(self._machine, tags.items.get("deprecated", False))
        sunset = plain.bare(tags.items.get("sunset"))
        return (
            None if isinstance(deprecated, Unknown) else deprecated,
            sunset if isinstance(sunset, str) else None,
        )

    def _check_names(self, entry: RouteEntry, whole: Template, above: Template) -> bool:
        """A parameter may not have the name of one in a mount's prefix."""
        names = [part.name for part in whole if isinstance(part, Param)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is None:
            return True
        # NOTE: the framework delivers the inner one; so the names stand for the last of them.
        return True

    def _read_views(
        self, endpoint: Value, verbs: list[str], reach: Reach, entry: RouteEntry
    ) -> tuple[View, ...]:
        if isinstance(endpoint, External):
            return (View("", (), None, "", late=True),)
        if isinstance(endpoint, ClassValue):
            return views.class_views(self._machine, endpoint, verbs, reach)
        return (views.function_view(self._machine, endpoint, reach),)

    def _verbs(self, entry: RouteEntry, cls: ClassValue) -> list[str] | DynamicSite | None:
        """Verbs or hooks that a class has; a site when its bases are not known."""
        wanted = framework.HTTP_ENDPOINT if entry.kind == "http" else framework.WEBSOCKET_ENDPOINT
        above = list(classes.ancestors(self._machine, cls))
        if wanted not in above:
            # What surely is no class of views was refused when it was registered.
            return self._unknown_class(entry, cls)
        if entry.kind == "websocket":
            return [
                hook for hook in framework.HOOKS if classes.own_attribute(cls, hook) is not None
            ]
        if cls.open is not None and (cls.open.reason == "metaclass" or _foreign(above)):
            return self._unknown_class(entry, cls)
        found: list[str] = []
        for verb, value in entry.verbs.items():
            if isinstance(value, Unknown) and not isinstance(value.about, FunctionValue):
                return self._unknown_class(entry, cls)
            if not isinstance(value, _NOT_CALLED) and not plain.is_constant(value):
                found.append(verb)
        return found

    def _unknown_class(self, entry: RouteEntry, cls: ClassValue) -> DynamicSite:
        why = Unknown(
            entry.span, "unknown-class", f"what `{cls.name}` answers depends on an unknown base"
        )
        return self._site(self._machine.site(why, "FC110", entry.span))

    def _methods(
        self, entry: RouteEntry, endpoint: Value, verbs: list[str]
    ) -> tuple[str, ...] | DynamicSite | None:
        if entry.kind == "websocket":
            return ()
        if isinstance(endpoint, ClassValue):
            has = {verb.upper() for verb in verbs} | ({"HEAD"} if "get" in verbs else set())
            if entry.methods is None:
                return tuple(sorted(has))
            lacking = sorted(set(entry.methods) - has)
            if lacking:
                self._machine.tell(
                    self._machine.diagnostic(
                        "FC211",
                        f"`{endpoint.name}` has no verb for {', '.join(lacking)}",
                        entry.span,
                        f"it has {', '.join(sorted(has)) or 'none'}",
                        (f"define `{lacking[0].lower()}` in the class, or remove the method",),
                        (Label(endpoint.span, "defined here"),),
                    )
                )
                return None
        elif entry.methods is None and _may_be_class(endpoint):
            why = Unknown(
                entry.span,
                "unknown-endpoint",
                "the methods follow from the endpoint, which is not known",
            )
            return self._site(self._machine.site(why, "FC110", entry.span))
        given = set(entry.methods if entry.methods is not None else ("GET",))
        return tuple(sorted(given | ({"HEAD"} if "GET" in given else set())))

    def _encoding(self, cls: ClassValue) -> str | None:
        found = classes.own_attribute(cls, "encoding")
        value = plain.bare(found[1]) if found is not None else None
        if isinstance(value, Unknown):
            return "?"
        return value if isinstance(value, str) else None

    def _mount(
        self, entry: MountEntry, path: str, segments: Template, chain: tuple[Application, ...]
    ) -> Mount | DynamicSite | None:
        machine = self._machine
        own = entry.path.rstrip("/")
        whole: Template = (*segments, *paths.parse_prefix(entry.path))
        target = entry.target.base if isinstance(entry.target, Overlay) else entry.target
        name = plain.bare(entry.name)
        below: App | None = None
        if isinstance(target, Application):
            if any(one is target for one in self._chain):
                machine.tell(
                    machine.diagnostic(
                        "FC213",
                        "an application is mounted below itself",
                        entry.span,
                        "this mount closes the circle",
                        ("mount another application, or remove this mount",),
                    )
                )
                return None
            ref = target.ref or target.local or handlers.class_of(target)
            below = self.app(target, ref, path + own, whole, chain)
        else:
            known = handlers.target_of(machine, target)
            if known is None:
                # Whether it is one of ours, and has layers of its own, only the run knows.
                why = Unknown(
                    entry.span,
                    "unknown-application",
                    "what is mounted is not known" + _because(target),
                )
                return self._site(machine.site(why, "FC115", entry.span))
            ref = known
        return Mount(
            own=own,
            path=path + own,
            segments=whole,
            target=ref,
            app=below,
            name=name if isinstance(name, str) else None,
            late_name=isinstance(name, Unknown),
            span=entry.span,
            body_digest="" if below is not None else handlers.digest_of(target),
        )


def _because(target: Value) -> str:
    return f": {target.detail}" if isinstance(target, Unknown) else ""


def _foreign(above: list[Value]) -> bool:
    """Whether some of the classes are of packages whose methods we do not see."""
    return any(
        isinstance(one, Unknown)
        or (
            isinstance(one, External)
            and one.module.partition(".")[0] not in ("flama", "builtins", "typing", "abc")
        )
        for one in above
    )


def _params(segments: Template) -> dict[str, str]:
    return {part.name: part.type for part in segments if isinstance(part, Param)}


def _may_be_class(endpoint: Value) -> bool:
    """Whether an endpoint that is not known may be a class, whose methods we would not know."""
    if isinstance(endpoint, Unknown):
        return not isinstance(endpoint.about, FunctionValue)
    return isinstance(endpoint, External)
