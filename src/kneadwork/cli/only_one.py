"""One `kneadwork start` for a data directory: a lock that goes with the process, and where the first one is open."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

#: The byte that is locked lies beyond what is written, so that others may read the address meanwhile.
BYTE = 1 << 20


class Taken(Exception):
    """Another start serves this data directory: at which address ("" while it is still starting)."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@contextmanager
def only_start(home: Path) -> Iterator[Callable[[str], None]]:
    """Hold the data directory; yields what tells others the address. Refuses with Taken where it is held.

    The system lets go of the lock when the process ends, however it ends, so nothing is left behind by a power cut.
    """
    file = os.fdopen(os.open(home / "started", os.O_RDWR | os.O_CREAT, 0o600), "r+")
    with file:
        if not _lock(file):
            raise Taken(file.read(2_000).strip())

        def tell(address: str) -> None:
            file.seek(0)
            file.truncate()
            file.write(address)
            file.flush()

        tell("")
        try:
            yield tell
        finally:
            tell("")


def open_at(home: Path) -> str:
    """Where the start that serves this data directory is open; "" where none is."""
    try:
        with only_start(home):
            return ""
    except Taken as taken:
        return taken.address


def _lock(file: IO[str]) -> bool:
    """Whether this process now holds the file; the children that it starts do not."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        return False
    return True
