"""What is written down about the framework is what the framework is."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import flama
import pytest
from flama import endpoints
from flama._registration import Registration
from flama_compile.link import framework
from flama_compile.link.app_methods import FLAMA_ONLY, METHODS


@pytest.mark.parametrize("name", framework.HOMES)
def test_names_are_defined_where_they_are_said_to_be(name: str) -> None:
    found = getattr(import_module(framework.HOMES[name]), name)
    module = getattr(found, "__module__", framework.HOMES[name])
    if module.startswith("flama") and isinstance(found, type):
        assert module == framework.HOMES[name]


def test_verbs_and_hooks() -> None:
    assert set(framework.VERBS) == set(endpoints.VERBS)
    assert framework.HOOKS == endpoints.HOOKS


@pytest.mark.parametrize("name", framework.PARAMETERS)
def test_parameters_are_those_of_the_function(name: str) -> None:
    target: Any = getattr(flama, name, None) or getattr(Registration, name)
    parameters = list(inspect.signature(target).parameters.values())
    positional = [
        one.name
        for one in parameters
        if one.kind is one.POSITIONAL_OR_KEYWORD and one.name != "self"
    ]
    others = {one.name for one in parameters if one.kind is one.KEYWORD_ONLY}
    assert framework.PARAMETERS[name] == (tuple(positional), others)


def test_every_public_method_of_applications_is_performed() -> None:
    for cls in (flama.Flama, flama.Router):
        methods = {
            name
            for name, value in inspect.getmembers(cls, inspect.isfunction)
            if not name.startswith("_")
        }
        # What serves requests is never called while an application is built.
        serving = {"begin", "dispatch", "enter", "freeze", "layers", "prepare", "tree"}
        assert methods - serving <= set(METHODS), cls


def test_names_that_modules_cannot_have() -> None:
    taken: set[str] = set()

    class Looks(flama.Module):
        """Sees the application at the moment when names are compared."""

        def __getattribute__(self, name: str) -> Any:
            if name == "name":
                frame = inspect.currentframe()
                assert frame is not None and frame.f_back is not None
                app = frame.f_back.f_locals["app"]
                taken.update(one for one in dir(type(app)) if hasattr(type(app), one))
                taken.update(vars(app))
                return "looks"
            return super().__getattribute__(name)

    flama.Flama(modules=[Looks()])
    assert {name for name in taken if not name.startswith("_")} == framework.ATTRIBUTES


def test_routers_have_fewer_methods() -> None:
    assert {name for name in METHODS if not hasattr(flama.Router, name)} == FLAMA_ONLY
