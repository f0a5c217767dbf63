"""An application started the ways people start one: `flama.run`, and uvicorn's command."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conformance.compile import build
from websockets.sync.client import connect

from .conftest import PROJECT

RUN = (
    "import flama; from served import app; "
    "flama.run(flama_app={}, server_host='127.0.0.1', server_port=0)"
)
COMMANDS = {
    "flama.run with the application": ["-c", RUN.format("app")],
    "flama.run with an import string": ["-c", RUN.format("'served:app'")],
    "uvicorn, interpreted": ["-m", "uvicorn", "served:app", "--port", "0"],
    "uvicorn, compiled": ["-m", "uvicorn", "served_compiled:app", "--port", "0"],
}


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_started_application_answers(arguments: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    build(folder, "served:app")
    server = subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        seen = ""
        for line in server.stderr:
            seen += line
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                break
        else:
            raise AssertionError(f"the server does not start: {seen}")
        port = found[1]
        url = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{url}/items/7/", trust_env=False).json() == {"id": 7, "q": "none"}
        assert httpx.get(f"{url}/nowhere/", trust_env=False).status_code == 404
        with connect(f"ws://127.0.0.1:{port}/relay/", proxy=None) as connection:
            connection.send(b"hello")
            assert connection.recv() == b"hello"
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
