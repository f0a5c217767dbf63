"""What a user copies into CI is valid, names what exists, and does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flama_compile.report.findings.markdown import MARKER
from support.tables import RouteSpec, Spec, build

from .conftest import Repo

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "flama-compile-diff" / "action.yml"
GITLAB = ROOT / ".gitlab" / "flama-compile.gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
README = (ROOT / "README.md").read_text(encoding="utf-8")

BASE = 'from flama import Flama\n\napp = Flama()\n\n\n@app.get("/a")\ndef a():\n    return 1\n'
HEAD = BASE.replace('"/a"', '"/b"')


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def step(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in load(ACTION)["runs"]["steps"] if each["name"] == name
    )
    return found


@pytest.fixture
def changed(repo: Repo) -> Repo:
    repo.commit("base", {"main.py": BASE})
    repo.git("checkout", "-q", "-b", "feature")
    repo.commit("head", {"main.py": HEAD})
    return repo


def run(repo: Repo, script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one script of CI as its runner would."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GITHUB_")}
    bin = str(Path(sys.executable).parent)
    path = f"{bin}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=repo.folder,
        env={**clean, "PATH": path, **env},
        capture_output=True,
        text=True,
    )


def test_the_action_is_a_composite_whose_inputs_are_all_used() -> None:
    action = load(ACTION)
    assert action["runs"]["using"] == "composite"
    text = ACTION.read_text(encoding="utf-8")
    assert {"name", "description", "inputs", "outputs", "runs"} == set(action)
    for name, given in action["inputs"].items():
        assert f"inputs.{name}" in text, name
        assert set(given) == {"description", "default"} and isinstance(given["default"], str)
    for each in action["runs"]["steps"]:
        # Expressions in scripts could be written by the author of a pull request.
        assert "${{" not in each.get("run", "")
        assert "uses" in each or each["shell"] == "bash"


def test_the_action_looks_for_the_marker_that_comments_have() -> None:
    assert f"marker='{MARKER}'" in step("Comment")["run"]


def test_the_action_compares(changed: Repo, tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    inputs = {"BASE": "", "APP": "", "CONTRACT": "", "FAIL_ON": "", "ROOT": "."}
    assert set(step("Compare")["env"]) == set(inputs)
    script = step("Compare")["run"]
    ran = run(changed, script, **inputs, **files, RUNNER_TEMP=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("::error file=main.py,line=6,")
    outputs = dict(line.split("=") for line in Path(files["GITHUB_OUTPUT"]).read_text().split())
    assert outputs["code"] == "1" and outputs["breaking_count"] == "1"
    assert Path(files["GITHUB_STEP_SUMMARY"]).read_text().startswith(MARKER)
    assert (tmp_path / "flama-compile-diff.markdown").read_text().startswith(MARKER)
    assert (tmp_path / "flama-compile-diff.html").read_text().startswith("<!doctype html>")
    assert run(changed, step("Result")["run"], CODE=outputs["code"]).returncode == 1
    given = {**inputs, "APP": "main:app", "CONTRACT": "wire", "FAIL_ON": "never", "BASE": "main"}
    again = run(changed, script, **given, **files, RUNNER_TEMP=str(tmp_path))
    assert again.returncode == 0 and "code=0" in Path(files["GITHUB_OUTPUT"]).read_text()


def test_the_action_fetches_what_a_shallow_clone_lacks(changed: Repo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    source = f"file://{changed.folder}"
    changed.git("clone", "-q", "--depth=1", "--branch", "feature", source, str(clone))
    ran = run(Repo(clone), step("Fetch the base")["run"], BASE="", GITHUB_BASE_REF="main")
    assert ran.returncode == 0, ran.stderr
    assert Repo(clone).git("merge-base", "origin/main", "HEAD") == changed.git("rev-parse", "main")
    assert (
        run(Repo(clone), step("Fetch the base")["run"], BASE="", GITHUB_BASE_REF="").returncode == 0
    )


def test_the_gitlab_job_compares(changed: Repo) -> None:
    (job,) = load(GITLAB).values()
    base = changed.git("rev-parse", "main")
    variables = {name: str(value) for name, value in job["variables"].items()}
    ran = run(changed, "\n".join(job["script"]), **variables, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ran.returncode == 1, ran.stderr
    for path in (job["artifacts"]["reports"]["junit"], *job["artifacts"]["paths"]):
        assert (changed.folder / path).stat().st_size
    none = run(
        changed, "\n".join(job["script"]), **variables, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD"
    )
    assert none.returncode == 0


def test_the_hooks_check_and_build(changed: Repo) -> None:
    hooks = {hook["id"]: hook for hook in load(HOOKS)}
    assert set(hooks) == {"flama-compile-check", "flama-compile-build"}
    for hook in hooks.values():
        assert hook["pass_filenames"] is False and hook["language"] == "system"
        for name in ("shop/main.py", "pyproject.toml", "shop/main.routes"):
            assert re.search(hook["files"], name)
    check, build_ = (hooks[f"flama-compile-{name}"]["entry"] for name in ("check", "build"))
    assert run(changed, check).returncode == 1
    assert run(changed, build_).returncode == 0
    assert run(changed, check).returncode == 0


def test_the_readme_shows_what_exists() -> None:
    found = [yaml.safe_load(text) for text in blocks("yaml")]
    workflow, gitlab, hooks = found
    uses = [each["uses"] for each in workflow["jobs"]["routes"]["steps"]]
    assert (ROOT / uses[-1] / "action.yml").resolve() == ACTION
    inputs = set(load(ACTION)["inputs"])
    assert set(workflow["jobs"]["routes"]["steps"][-1]["with"]) <= inputs
    assert (ROOT / gitlab["include"][0]["local"]) == GITLAB
    assert set(gitlab) - {"include"} == set(load(GITLAB))
    (hook,) = hooks["repos"][0]["hooks"]
    (published,) = (each for each in load(HOOKS) if each["id"] == hook["id"])
    for key in ("entry", "language", "files", "pass_filenames"):
        assert hook[key] == published[key]
    for text in blocks("yaml"):
        assert len(text.splitlines()) <= 12


def test_git_looks_past_the_width_of_columns(repo: Repo) -> None:
    """The lines of the README, on a real repository."""
    from flama_compile.manifest import dump

    (attributes,) = blocks("gitattributes")
    assert attributes.strip() in re.sub(r" +", " ", (ROOT / ".gitattributes").read_text())
    for line in next(text for text in blocks("sh") if "textconv" in text).splitlines():
        done = run(repo, line)
        assert done.returncode == 0, done.stderr
    specs: list[Spec] = [RouteSpec(f"/{number}", "f") for number in range(3)]
    text = dump(build(specs))
    repo.commit("base", {".gitattributes": attributes, "main.routes": text})
    repo.write({"main.routes": text.replace("   ", "      ")})
    assert repo.git("diff", "--textconv", "--", "main.routes") == ""
    repo.write({"main.routes": text.replace("/1", "/one")})
    shown = repo.git("diff", "--textconv", "--", "main.routes")
    assert "+GET,HEAD /one views:f name=f" in shown
