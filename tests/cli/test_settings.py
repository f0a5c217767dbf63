"""`[tool.flama-compile]`: what is read, and how mistakes are named."""

from __future__ import annotations

import pytest
from flama_compile.options import Settings, SettingsError, app_problem, parse_settings

WHOLE = """
[tool.other]
key = 1

[tool.flama-compile]
app = "shop.main:app"
roots = ["src", "./lib/"]

[tool.flama-compile.constants]
"shop.settings.PREFIX" = "/api"
shop.settings.LIMITS = [1, 2]
shop.settings.DEBUG = false

[[tool.flama-compile.dynamic]]
file = "shop/plugins.py"
reason = "found by entry point"

[tool.flama-compile.diff]
contract = "strict"
fail-on = "risky"
severity = { RT201 = "safe" }
ignore = [{ path = "/internal/*", rules = ["RT101"] }, { path = "/old" }]
"""


def test_everything_is_read() -> None:
    settings = parse_settings(WHOLE)
    assert settings.app == "shop.main:app"
    assert settings.roots == ("src", "lib")
    assert settings.dynamic == "refuse"
    assert [(site.file, site.reason) for site in settings.declared] == [
        ("shop/plugins.py", "found by entry point")
    ]
    assert settings.constants == {
        "shop.settings.PREFIX": "/api",
        "shop.settings.LIMITS": [1, 2],
        "shop.settings.DEBUG": False,
    }
    assert settings.diff.contract == "strict"
    assert settings.diff.fail_on == "risky"
    assert settings.diff.severity == {"RT201": "safe"}
    assert [(one.path, one.rules) for one in settings.diff.ignore] == [
        ("/internal/*", ("RT101",)),
        ("/old", ()),
    ]


def test_nothing_means_defaults() -> None:
    assert parse_settings("") == Settings()
    assert parse_settings("[tool.black]\nline-length = 3\n") == Settings()


def test_dynamic_is_a_word_or_a_list() -> None:
    assert parse_settings('[tool.flama-compile]\ndynamic = "interpret"').dynamic == "interpret"
    assert parse_settings('[tool.flama-compile]\ndynamic = "refuse"').dynamic == "refuse"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.flama-compile]\naap = 'x:y'", "unknown key `aap`; did you mean `app`?"),
        (
            "[tool.flama-compile]\nzzz = 1",
            "unknown key `zzz`; known: `app`, `constants`, `diff`, `dynamic`, `roots`",
        ),
        (
            "[tool.flama-compile.diff]\nfail_on = 'never'",
            "[tool.flama-compile.diff]: unknown key `fail_on`; did you mean `fail-on`?",
        ),
        ("[tool.flama-compile]\napp = 'shop.main'", "did you mean `shop.main:app`?"),
        ("[tool.flama-compile]\napp = 'shop/main.py'", "did you mean `shop.main:app`?"),
        ("[tool.flama-compile]\napp = 1", "`app` must be a string such as `shop.main:app`"),
        ("[tool.flama-compile]\nroots = ['a', 1]", "not one with a whole number"),
        (
            "[[tool.flama-compile.dynamic]]\nfile = 'a.py'\nreason = ''",
            "`reason` must not be empty",
        ),
        ("[tool.flama-compile]\nroots = 'src'", "`roots` must be a list of strings, not a string"),
        ("[tool.flama-compile]\nroots = ['../up']", "`../up` is not a folder below the root"),
        (
            "[tool.flama-compile]\ndynamic = 'interprete'",
            'must be one of "refuse", "interpret", not "interprete"; did you mean `interpret`?',
        ),
        ("[[tool.flama-compile.dynamic]]\nfile = 'a.py'", "`reason` is missing"),
        (
            "[[tool.flama-compile.dynamic]]\nfile = 'a.py'\nreason = 'x'\nline = 3",
            "unknown key `line`",
        ),
        ("[tool.flama-compile.constants]\nPREFIX = '/x'", "`PREFIX` names no module"),
        ('[tool.flama-compile.constants]\n"a.B" = 2020-01-01', "cannot be a date"),
        (
            "[tool.flama-compile.diff]\ncontract = 'all'",
            'must be one of "wire", "names", "schema", "strict"',
        ),
        ("[tool.flama-compile.diff.severity]\nRT1 = 'safe'", "`RT1` is not a rule"),
        (
            "[tool.flama-compile.diff.severity]\nRT101 = 'bad'",
            'must be one of "breaking", "risky", "safe"',
        ),
        ("[tool.flama-compile.diff]\nignore = [{ rules = [] }]", "`path` is missing"),
        ("[tool.flama-compile]\ndiff = 3", "must be a table, not a whole number"),
        ("[tool]\nflama-compile = true", "must be a table, not a boolean"),
        ("[tool.flama-compile", "not valid TOML"),
        ("[tool.flama-compile.constants]\n'a.B' = " + "9" * 5000, "not valid TOML"),
        ("a = " + "[" * 3000 + "]" * 3000, "not valid TOML"),
        ('[tool.flama-compile]\nroots = ["\\u0000"]', "is not a folder below the root"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("pyproject.toml: ")


@pytest.mark.parametrize("app", ["main:app", "a.b.c:make_app", "été:app", "a:b.c"])
def test_good_names_of_applications(app: str) -> None:
    assert app_problem(app) is None


@pytest.mark.parametrize("app", ["", ":", "a:", ":b", "a b:c", "a..b:c", "1a:b", "a:b:c", "a/b:c"])
def test_bad_names_of_applications(app: str) -> None:
    assert app_problem(app)
