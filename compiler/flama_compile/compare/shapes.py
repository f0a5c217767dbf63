"""How one template became another: which rule names it.

/users/{id}      ->  /users/{id:int}    RT301 narrowed
/users/{id}      ->  /users/me          RT306 parameter to literal
/items/          ->  /items             RT307 trailing slash
/Users           ->  /users             RT308 spelling
/users           ->  /people            None: it moved
"""

from __future__ import annotations

import unicodedata
from typing import Literal
from urllib.parse import unquote

from flama_compile.algebra import accepts, includes
from flama_compile.compare.items import language
from flama_compile.ir.routes import Param, Segment, Template

__all__ = ["changed_prefix", "reshaped"]

_Part = Literal["same", "narrowed", "widened", "changed", "to-literal", "to-param", "spelling", ""]


def reshaped(base: Template, head: Template) -> str | None:
    """The rule that names the difference of two templates; None when it is another place."""
    old, new = language(base), language(head)
    if old == (*new, "") or new == (*old, ""):
        return "RT307"
    if len(old) != len(new):
        return None
    parts = {_part(a, b) for a, b in zip(old, new, strict=True)} - {"same"}
    if not parts:
        return "RT304"
    if "" in parts:
        return None
    if parts == {"spelling"}:
        return "RT308"
    if parts == {"narrowed"}:
        return "RT301"
    if parts == {"widened"}:
        return "RT302"
    if parts & {"to-literal", "to-param"}:
        return "RT306"
    return "RT303" if "spelling" not in parts else None


def changed_prefix(old: Template, new: Template) -> tuple[Template, Template] | None:
    """What two templates begin with, without the end that they share; None if they share none."""
    shared = 0
    for a, b in zip(reversed(old), reversed(new), strict=False):
        if a != b:
            break
        shared += 1
    if not shared:
        return None
    return old[: len(old) - shared], new[: len(new) - shared]


def _part(a: Segment, b: Segment) -> _Part:
    if a == b:
        return "same"
    if isinstance(a, str) and isinstance(b, str):
        return "spelling" if a and b and _spelling(a) == _spelling(b) else ""
    if isinstance(a, Param) and isinstance(b, Param):
        if includes(a, b):
            return "narrowed"
        return "widened" if includes(b, a) else "changed"
    if isinstance(a, Param):
        assert isinstance(b, str)
        return "to-literal" if accepts(a.type, b) else ""
    assert isinstance(a, str) and isinstance(b, Param)
    return "to-param" if accepts(b.type, a) else ""


def _spelling(text: str) -> str:
    """What is left of a literal without case, percent-encoding, Unicode form and separators."""
    plain = unicodedata.normalize("NFKC", unquote(text)).casefold()
    return plain.replace("_", "-")
