"""The source files of a project, and whether they change.

watchfiles tells of changes at once, where it is installed. It can miss some, such as a file in a
folder that is as new as the file; so the state of all files (time, size, number on the disk) is
compared as well, when it tells of anything and every few seconds. Without it, that alone is done,
again and again.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flama_compile.cli.stopping import Stop

if TYPE_CHECKING:
    from watchfiles import Change

__all__ = ["Sources"]

QUIET = 200
"""Milliseconds without a change after which a burst of changes is over."""
LONGEST = 1600
"""Milliseconds after which a burst that does not end is taken as it is."""

TRUSTED = 5000
"""Milliseconds for which it is believed that nothing changes when nothing is told."""

_Stamp = tuple[int, int, int]


class Sources:
    """Python files and `pyproject.toml` below a root, watched from the moment this is made."""

    def __init__(
        self, root: Path, stop: Stop, note: Callable[[str], None], *, polled: bool = False
    ) -> None:
        """Watch `root`.

        :param polled: Look at the files again and again, though watchfiles may be installed.
        :raises ImportError: watchfiles is not installed.
        """
        self._root = root
        self._stop = stop
        self._note = note
        self._bursts = None if polled else _started(root, stop, note)
        self._state = _state(root)

    def wait(self, own: Collection[Path]) -> frozenset[str]:
        """The files that have changed since this was called last, or since this was made.

        :param own: Files that the build itself writes, which do not count.
        :returns: When there is at least one and no more come, or, empty, when told to stop.
        """
        ignored = {os.path.realpath(path) for path in own}
        while True:
            told = self._listen()
            if self._stop.is_set():
                return frozenset()
            state = _state(self._root)
            changed = told | {path for path, _ in state.items() ^ self._state.items()}
            changed = {path for path in changed if os.path.realpath(path) not in ignored}
            if changed and self._bursts is None:
                state, later = self._settled(state)
                changed |= later
            self._state = state
            if changed:
                return frozenset(changed)

    def _listen(self) -> set[str]:
        """Wait for news, but not for long; the source files that are told to have changed."""
        if self._bursts is None:
            time.sleep(QUIET / 1000)
            return set()
        try:
            bursts = itertools.islice(self._bursts, TRUSTED // QUIET)
            burst = next(filter(None, bursts), set())
        except OSError as error:
            self._note(f"changes are no longer told ({error}): looking for them")
            self._bursts = None
            return set()
        return {path for _, path in burst if _is_source(os.path.basename(path))}

    def _settled(self, state: Mapping[str, _Stamp]) -> tuple[dict[str, _Stamp], set[str]]:
        """The state once it stays the same, and what has changed until then.

        What is read after that is newer than any stamp in it, so that a further change shows, be
        the clock of the file system as coarse as this is long.
        """
        before, later = dict(state), set[str]()
        for _ in range(LONGEST // QUIET):
            time.sleep(QUIET / 1000)
            now = _state(self._root)
            if now == before or self._stop.is_set():
                break
            later |= {path for path, _ in now.items() ^ before.items()}
            before = now
        return before, later


def _started(
    root: Path, stop: Stop, note: Callable[[str], None]
) -> Iterator[set[tuple[Change, str]]] | None:
    """Bursts of changes from now on; None where the system cannot tell of them."""
    from watchfiles import watch

    bursts = watch(
        root,
        watch_filter=_may_matter(root),
        debounce=LONGEST,
        step=QUIET,
        rust_timeout=QUIET,
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    )
    try:
        # The watcher starts with the first step.
        first = next(bursts, set())
    except OSError as error:
        note(f"changes below {root} are not told ({error}): looking for them")
        return None
    return itertools.chain([first], bursts)


def _may_matter(root: Path) -> Callable[[Change, str], bool]:
    """Whether a path is a source file's, or a folder's that might hold some."""

    def relevant(_: Change, path: str) -> bool:
        inside = os.path.relpath(path, root).split(os.sep)
        if any(_is_hidden(part) for part in inside):
            return False
        # A folder that is moved away, or is as new as its files, may be all that is told.
        return _is_source(inside[-1]) or "." not in inside[-1]

    return relevant


def _state(root: Path) -> dict[str, _Stamp]:
    """Stamps of all source files. What cannot be read counts as what is not there."""
    found: dict[str, _Stamp] = {}
    entered: set[tuple[int, int]] = set()
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        try:
            about = os.stat(folder)
            if (about.st_dev, about.st_ino) in entered:
                continue  # a link that leads back
            entered.add((about.st_dev, about.st_ino))
            with os.scandir(folder) as listed:
                entries = list(listed)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            try:
                if _is_hidden(entry.name):
                    continue
                if entry.is_dir():
                    folders.append(entry.path)
                elif _is_source(entry.name):
                    stamp = entry.stat()
                    found[entry.path] = (stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
            except OSError:
                continue
    return found


def _is_hidden(name: str) -> bool:
    return name in ("__pycache__", "node_modules") or name[:1] == "." and name not in (".", "..")


def _is_source(name: str) -> bool:
    return name.endswith(".py") or name == "pyproject.toml"
