"""Commands by name, imported when they are called: `routes` needs no web server."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

import flama_compile
from flama_compile.options import nearest

__all__ = ["COMMANDS", "LazyGroup"]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "build": ("build", "Write the dispatch module and the manifest."),
    "routes": ("routes", "List the routes, or say which one answers a request."),
    "lint": ("lint", "Find routes that cannot work as they are written."),
    "diff": ("diff", "Prove which requests changed between two revisions."),
    "accept": ("accept", "Record a change of routes as deliberate."),
    "rules": ("rules", "List every code and rule."),
    "verify": ("verify", "Import the application and compare it with what was read."),
    "explain": ("explain", "Explain a code, a rule, or what answers a request."),
    "show": ("show", "Print the text form of facts, routes or the plan."),
    "run": ("run", "Build if needed, then serve the compiled application."),
}
"""Command: module of this package, and its help in one line."""


class LazyGroup(click.Group):
    """A group whose commands live in modules of this package, each as `command`."""

    def __init__(self, name: str, lazy: Mapping[str, tuple[str, str]], **rest: str) -> None:
        super().__init__(name, help=rest.get("help"), params=_parameters())
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return None
        module = import_module(f"flama_compile.cli.{self._lazy[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._lazy and not args[0].startswith("-"):
            raise click.UsageError(
                f"unknown command `{args[0]}`{nearest(args[0], list(self._lazy))}", ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._lazy.items()])


def _parameters() -> list[click.Parameter]:
    """Options before the command; each command takes the first two as well."""

    def version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked:
            click.echo(f"flama-compile {flama_compile.__version__}")
            ctx.exit()

    return [
        click.Option(["--root"], type=click.Path(), metavar="DIR", help="Root of the project."),
        click.Option(["--color"], type=click.Choice(["auto", "always", "never"]), help="Colours."),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=version,
            help="Print the version.",
        ),
    ]
