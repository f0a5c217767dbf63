"""Files that exist and cannot be read are named with the import that leads to them."""

from __future__ import annotations

import os
from pathlib import Path

from support.projects import flama_compile, write_files


def test_a_link_that_leads_to_itself_is_an_unreadable_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "import secret\nfrom flama import Flama\n\napp = Flama()\n"})
    os.symlink("secret.py", tmp_path / "secret.py")
    ran = flama_compile(tmp_path, "build", "app:app").expect(1)
    assert "error[FC105]" in ran.stderr
    assert "app.py:1:1" in ran.stderr
    assert not (tmp_path / "app_compiled.py").exists()


def test_a_folder_that_is_named_like_a_module_is_none(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "app.py": "import folder\nfrom flama import Flama\n\napp = Flama()\n",
            "folder.py/readme.txt": "not a module",
        },
    )
    ran = flama_compile(tmp_path, "build", "app:app").expect(1)
    assert "error[FC215]" in ran.stderr
