"""The documentation page: Swagger UI where its assets are installed, else a plain list.

Both are one HTML file that asks nothing of the internet. The assets come from the package
`swagger-ui-py` (extra `docs`); they are read as files, its Python code is never loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["MARK", "page", "swagger_assets"]

MARK = "\x00root\x00"
"""Stands in a page for the URL prefix of its application, which each request knows anew."""


def page(document: Mapping[str, Any], schema_path: str) -> str:
    """The page of an application, with `MARK` for its prefix.

    :param document: The OpenAPI document.
    :param schema_path: Path of that document in the application.
    """
    title = str(document.get("info", {}).get("title") or "API")
    assets = swagger_assets()
    if assets is None:
        return _html(title, _STYLE, "".join(_listing(document, title, schema_path)))
    style, script = assets
    return _html(title, style, _swagger(script, schema_path))


def swagger_assets() -> tuple[str, str] | None:
    """The style sheet and the script of Swagger UI, or None when they are not installed."""
    spec = find_spec("swagger_ui")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place, "static")
        style, script = folder / "swagger-ui.css", folder / "swagger-ui-bundle.js"
        if style.is_file() and script.is_file():
            return style.read_text(encoding="utf-8"), script.read_text(encoding="utf-8")
    return None


def _html(title: str, style: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        # An empty icon, so that browsers do not ask the application for one.
        '<link rel="icon" href="data:,">\n'
        f"<style>{_inside(style)}</style>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _inside(text: str) -> str:
    """Style or script that cannot end its own element."""
    return text.replace("</s", "<\\/s").replace("</S", "<\\/S")


# Swagger UI.

_START = """
const place = document.getElementById("swagger-ui");
fetch(place.dataset.root + place.dataset.schema)
  .then((response) => response.json())
  .then((spec) => {
    // Operations are called below the prefix that the application is reached under.
    if (!spec.servers && place.dataset.root) spec.servers = [{url: place.dataset.root}];
    SwaggerUIBundle({
      spec: spec,
      domNode: place,
      deepLinking: true,
      presets: [SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      validatorUrl: null,
    });
  })
  .catch((error) => { place.textContent = "The schema could not be loaded: " + error; });
"""


def _swagger(script: str, schema_path: str) -> str:
    return (
        f'<div id="swagger-ui" data-root="{MARK}" data-schema="{escape(schema_path)}"></div>\n'
        f"<script>{_inside(script)}</script>\n"
        f"<script>{_START}</script>"
    )


# The plain list.

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font: 14px/1.5 ui-monospace, monospace }
pre { background: #f4f4f4; padding: .5rem 1rem; overflow-x: auto }
section { border-top: 1px solid #ccc; margin-top: 1.5rem }
h2 { font-size: 1.1rem }
table { border-collapse: collapse } th, td { text-align: left; padding: .1rem 1rem .1rem 0 }
.method { font-weight: bold }
"""


def _listing(document: Mapping[str, Any], title: str, schema_path: str) -> Iterator[str]:
    info = document.get("info", {})
    yield f"<h1>{escape(title)} <small>{escape(str(info.get('version', '')))}</small></h1>\n"
    if info.get("description"):
        yield f"<p>{escape(str(info['description']))}</p>\n"
    link = f"{MARK}{escape(schema_path)}"
    yield f'<p>OpenAPI document: <a href="{link}">{link}</a></p>\n'
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if isinstance(operation, Mapping):
                yield from _operation(str(method).upper(), str(path), operation)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    shown = escape(path)
    if method == "GET" and "{" not in path:
        shown = f'<a href="{MARK}{shown}">{shown}</a>'
    yield f'<section>\n<h2><code><span class="method">{escape(method)}</span> {shown}</code></h2>\n'
    for key in ("summary", "description"):
        if operation.get(key):
            yield f"<p>{escape(str(operation[key]))}</p>\n"
    parameters = operation.get("parameters") or ()
    if parameters:
        yield "<table>\n<tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>\n"
        for parameter in parameters:
            yield _parameter(parameter)
        yield "</table>\n"
    for media, content in (operation.get("requestBody") or {}).get("content", {}).items():
        yield f"<h3>Body: {escape(str(media))}</h3>\n{_shape(content)}"
    for status, response in (operation.get("responses") or {}).items():
        description = escape(str(response.get("description", "")))
        yield f"<h3>{escape(str(status))}: {description}</h3>\n"
        for content in (response.get("content") or {}).values():
            yield _shape(content)
    yield "</section>\n"


def _parameter(parameter: Mapping[str, Any]) -> str:
    cells = (
        parameter.get("name", ""),
        parameter.get("in", ""),
        json.dumps(parameter.get("schema", {}), ensure_ascii=False),
        "required" if parameter.get("required") else "",
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>\n"


def _shape(content: Mapping[str, Any]) -> str:
    schema = content.get("schema")
    if not schema:
        return ""
    return f"<pre>{escape(json.dumps(schema, indent=2, ensure_ascii=False))}</pre>\n"
