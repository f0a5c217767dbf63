"""Projects for cold starts, memory and builds: a package `project`, 20 routes a file.

Each file has four resources of five routes, each view a docstring and one to three statements, 140
lines in all; with `long`, each view does some work before, and a file has 400 lines.
`project.main` holds the application as `app`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["PER_FILE", "STYLES", "View", "files", "last_request", "views", "write"]

PER_FILE = 20


@dataclass(frozen=True, slots=True)
class View:
    """One route, without the words of a framework."""

    name: str
    method: str
    path: str
    parameters: tuple[tuple[str, str, str | None], ...]
    """Name, type and default of each; those without default are in the path."""
    body: tuple[str, ...]


def views(file: int, count: int) -> Iterator[View]:
    """The views of one file."""
    for place in range(count):
        resource, kind = divmod(place, 5)
        thing = f"thing{file}_{resource}"
        base = f"/section{file}/thing{resource}"
        one = ("thing_id", "int", None)
        if kind == 0:
            page = (("limit", "int", "25"), ("cursor", "str", '""'))
            body = (
                "found = [number * number for number in range(min(limit, 3))]",
                "following = cursor or str(len(found))",
                'return {"things": found, "next": following}',
            )
            yield View(f"list_{thing}", "GET", base, page, body)
        elif kind == 1:
            body = ('created = {"kind": "thing", "state": "new"}', "return created")
            yield View(f"create_{thing}", "POST", base, (), body)
        elif kind == 2:
            body = ('state = "even" if thing_id % 2 == 0 else "odd"',)
            body += ('return {"id": thing_id, "state": state}',)
            yield View(f"show_{thing}", "GET", base + "/{thing_id:int}", (one,), body)
        elif kind == 3:
            body = ('return {"deleted": thing_id}',)
            yield View(f"delete_{thing}", "DELETE", base + "/{thing_id:int}", (one,), body)
        else:
            part = ("part", "str", None)
            body = ('label = f"{part}-{thing_id}"', 'return {"id": thing_id, "part": label}')
            path = base + "/{thing_id:int}/parts/{part}"
            yield View(f"show_{thing}_part", "GET", path, (one, part), body)


def last_request(routes: int) -> tuple[str, str, str]:
    """Method, path and answer of the last route of a project."""
    file, place = divmod(routes - 1, PER_FILE)
    view = list(views(file, place + 1))[-1]
    path = view.path.replace("{thing_id:int}", "7").replace("{part}", "lid")
    answers = {
        "list": '{"things":[0,1,4],"next":"3"}',
        "create": '{"kind":"thing","state":"new"}',
        "delete": '{"deleted":7}',
        "show": '{"id":7,"part":"lid-7"}' if "part" in path else '{"id":7,"state":"odd"}',
    }
    return view.method, path, answers[view.name.split("_")[0]]


def files(style: str, routes: int, *, long: bool = False) -> dict[str, str]:
    """Texts of the modules of the project, by path."""
    module, main = STYLES[style]
    work = WORK if long else ()
    texts = {"project/__init__.py": "", "project/main.py": main((routes - 1) // PER_FILE + 1)}
    for file in range((routes - 1) // PER_FILE + 1):
        count = min(PER_FILE, routes - file * PER_FILE)
        chosen = [replace(view, body=work + view.body) for view in views(file, count)]
        texts[f"project/views{file}.py"] = module(chosen)
    if style in ("flama", "compiled", "interpreted", "fastapi", "blacksheep"):
        texts["project/application.py"] = APPLICATIONS[style]
    return texts


def write(style: str, routes: int, folder: Path, *, long: bool = False) -> None:
    """Write the project below a folder."""
    for path, text in files(style, routes, long=long).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


WORK = (
    "totals: dict[str, int] = {}",
    "for number in range(12):",
    "    if number % 3 == 0:",
    "        continue",
    '    label = f"batch-{number // 4}"',
    "    totals[label] = totals.get(label, 0) + number",
    "try:",
    "    largest = max(totals, key=lambda label: totals[label])",
    "except ValueError:",
    '    largest = "none"',
    "summary = [",
    '    {"label": label, "total": total, "largest": label == largest}',
    "    for label, total in sorted(totals.items())",
    "]",
)
"""What a long view does before it answers."""

APPLICATIONS = {
    "compiled": "from flama import Flama\n\napp = Flama(schema=None, docs=None)\n",
    "interpreted": "from flama import Flama\n\napp = Flama(schema=None, docs=None)\n",
    "flama": "from flama import Flama\n\napp = Flama(schema=None, docs=None)\n",
    "fastapi": "from fastapi import FastAPI\n\napp = FastAPI(openapi_url=None)\n",
    "blacksheep": "from blacksheep import Application\n\napp = Application()\n",
}


def signature(view: View, *first: str) -> str:
    """The parameters of a view, typed."""
    typed = [
        f"{name}: {type_}" + ("" if default is None else f" = {default}")
        for name, type_, default in view.parameters
    ]
    return ", ".join([*first, *typed])


def block(view: View, indent: str, extra: tuple[str, ...] = (), end: str | None = None) -> str:
    """Docstring and statements of a view, with `end` wrapped around what it returns."""
    lines = [f'"""Answer {view.method} {view.path}."""', *extra, *view.body]
    if end is not None:
        lines[-1] = end.format(lines[-1].removeprefix("return "))
    return "".join(f"{indent}{line}\n" for line in lines)


def decorated(view: View) -> str:
    """A view below `@app.get(…)`, as Flama and FastAPI have it."""
    method = view.method.lower()
    return (
        f'\n\n@app.{method}("{view.path}")\n'
        f"async def {view.name}({signature(view)}):\n{block(view, '    ')}"
    )


def decorated_module(chosen: list[View]) -> str:
    return "from project.application import app\n" + "".join(map(decorated, chosen))


def decorated_main(count: int) -> str:
    imports = "".join(f"import project.views{file}\n" for file in range(count))
    return f'{imports}from project.application import app\n\n__all__ = ["app"]\n'


def blacksheep_module(chosen: list[View]) -> str:
    texts = ["from project.application import app\nfrom blacksheep import json\n"]
    for view in chosen:
        path = view.path.replace("{thing_id:int}", "{int:thing_id}")
        body = block(view, "    ", (), "return json({})")
        texts.append(
            f'\n\n@app.router.{view.method.lower()}("{path}")\n'
            f"async def {view.name}({signature(view)}):\n{body}"
        )
    return "".join(texts)


def request_reads(view: View) -> tuple[str, ...]:
    """Statements that take a view's parameters out of Starlette's request."""
    return tuple(
        (
            f'{name} = request.path_params["{name}"]'
            if default is None
            else f'{name} = {type_}(request.query_params.get("{name}", {default}))'
        )
        for name, type_, default in view.parameters
    )


def starlette_module(chosen: list[View]) -> str:
    texts = [
        "from starlette.responses import JSONResponse\nfrom starlette.routing import Route\n",
    ]
    for view in chosen:
        body = block(view, "    ", request_reads(view), "return JSONResponse({})")
        texts.append(f"\n\nasync def {view.name}(request):\n{body}")
    texts.append("\n\nroutes = [\n")
    texts += [f'    Route("{v.path}", {v.name}, methods=["{v.method}"]),\n' for v in chosen]
    texts.append("]\n")
    return "".join(texts)


def starlette_main(count: int) -> str:
    imports = "".join(f"import project.views{file}\n" for file in range(count))
    spread = "".join(f"        *project.views{file}.routes,\n" for file in range(count))
    return (
        f"{imports}from starlette.applications import Starlette\n\n"
        f"app = Starlette(\n    routes=[\n{spread}    ]\n)\n"
    )


def litestar_module(chosen: list[View]) -> str:
    texts = ["from typing import Any\n\nfrom litestar import delete, get, post\n"]
    for view in chosen:
        path = view.path.replace("{part}", "{part:str}")
        options = "" if view.method == "GET" else ", status_code=200"
        texts.append(
            f'\n\n@{view.method.lower()}("{path}"{options})\n'
            f"async def {view.name}({signature(view)}) -> dict[str, Any]:\n{block(view, '    ')}"
        )
    names = ", ".join(view.name for view in chosen)
    return "".join(texts) + f"\n\nhandlers = [{names}]\n"


def litestar_main(count: int) -> str:
    imports = "".join(f"import project.views{file}\n" for file in range(count))
    spread = "".join(f"        *project.views{file}.handlers,\n" for file in range(count))
    return (
        f"{imports}from litestar import Litestar\n\n"
        f"app = Litestar(\n    route_handlers=[\n{spread}    ],\n    openapi_config=None,\n)\n"
    )


def falcon_module(chosen: list[View]) -> str:
    """Resources by path, with a responder for each method."""
    by_path: dict[str, list[View]] = {}
    for view in chosen:
        by_path.setdefault(view.path, []).append(view)
    texts = []
    for path, group in by_path.items():
        texts.append(f"\n\nclass {resource_name(path)}:\n")
        for view in group:
            reads = tuple(
                (
                    f'{name} = req.get_param_as_int("{name}", default={default})'
                    if type_ == "int"
                    else f'{name} = req.get_param("{name}", default={default})'
                )
                for name, type_, default in view.parameters
                if default is not None
            )
            names = [name for name, _, default in view.parameters if default is None]
            first = ", ".join(["self", "req", "resp", *names])
            body = block(view, "        ", reads, "resp.media = {}")
            texts.append(f"    async def on_{view.method.lower()}({first}):\n{body}\n")
    texts.append("\n\ndef register(app):\n")
    texts += [f'    app.add_route("{path}", {resource_name(path)}())\n' for path in by_path]
    return "".join(texts).lstrip("\n")


def resource_name(path: str) -> str:
    words = path.replace("{thing_id:int}", "one").replace("{part}", "one").split("/")
    return "".join(word.capitalize() for word in words)


def falcon_main(count: int) -> str:
    imports = "".join(f"import project.views{file}\n" for file in range(count))
    calls = "".join(f"project.views{file}.register(app)\n" for file in range(count))
    return f"import falcon.asgi\n{imports}\napp = falcon.asgi.App()\n{calls}"


Module = Callable[[list[View]], str]
Main = Callable[[int], str]

STYLES: dict[str, tuple[Module, Main]] = {
    "compiled": (decorated_module, decorated_main),
    "interpreted": (decorated_module, decorated_main),
    "flama": (decorated_module, decorated_main),
    "fastapi": (decorated_module, decorated_main),
    "blacksheep": (blacksheep_module, decorated_main),
    "starlette": (starlette_module, starlette_main),
    "litestar": (litestar_module, litestar_main),
    "falcon": (falcon_module, falcon_main),
}
