"""What is said about dynamic sites: the reason, and the three ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flama_compile.diagnostics.dynamic import DYNAMIC_CODES
from flama_compile.link.applications import Site

if TYPE_CHECKING:
    from flama_compile.link.machine import Machine

__all__ = ["DYNAMIC_CODES", "tell_site"]

_HEADLINES = {
    "FC102": "route path is not known before the app runs",
    "FC110": "route methods are not known before the app runs",
    "FC111": "routes are registered under a condition that is not known",
    "FC112": "an application is handed to code that cannot be seen",
    "FC113": "code that is computed may register routes",
    "FC114": "the application is changed from outside",
    "FC115": "the mounted application is not known",
    "FC116": "the list of routes is not known",
    "FC117": "the analysis was given up",
    "FC118": "routes are registered on an application that is not known",
}

_LITERAL = {
    "FC102": "make it literal: write the path as a string, or join constants with `+` or `f'…'`",
    "FC110": 'make it literal: write the methods as a list of strings, such as `["GET"]`',
    "FC111": "make it literal: let the loop or the condition depend on constants only",
    "FC112": "make it literal: call the methods of the application in your own code",
    "FC113": "make it literal: write the code as a module and import it",
    "FC114": "make it literal: derive a class from `Flama` and override the method there",
    "FC115": "make it literal: mount an application that a module of the project defines",
    "FC116": "make it literal: write the list of routes in the source",
    "FC117": "make it literal: split the loop into smaller ones",
    "FC118": "make it literal: register on a name that holds the application",
}


def tell_site(machine: Machine, site: Site) -> None:
    """Report a dynamic site that nobody has declared."""
    headline = _HEADLINES[site.code]
    if site.code == "FC111" and site.reason == "loop-over-unknown":
        headline = "routes are registered in a loop over something that is not known"
    machine.tell(
        machine.diagnostic(
            site.code,
            headline,
            site.span,
            site.detail,
            (
                _LITERAL[site.code],
                "or declare what it is: `[tool.flama-compile.constants]` gives a name its value, "
                f'`[[tool.flama-compile.dynamic]]` with `file = "{site.span.file}"` and a `reason` '
                "accepts it",
                "or mark the line: `# flama-compile: dynamic`",
            ),
        )
    )
