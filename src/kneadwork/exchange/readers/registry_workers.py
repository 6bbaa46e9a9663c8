"""A large registry file looked through by several processes at once: byte searches hold Python to one core each.

The parts of a .csv begin at lines that begin with a quoted registry number, which no part of a row can do; a .zip is
inflated and looked through by one process while this one keeps what it finds. The processes know `registry_cut` alone: no database, no settings.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kneadwork.exchange.readers import registry_cut
from kneadwork.exchange.readers.registry_cut import NUMBER, Wanted

#: Below this size one process is quicker.
LARGE = 96 * 1024 * 1024
MOST_WORKERS = 4
ROOT = Path(__file__).resolve().parents[3]


class Interrupted(RuntimeError):
    """A process ended before its work was done: a fault of ours, or of the machine."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one process looks through: bytes from `start` to `end` of a file, or all of a zip's member behind its header."""

    path: str
    member: str | None
    start: int
    end: int
    wanted: Wanted


def lines(
    path: Path, member: str | None, file: IO[bytes], start: int, wanted: Wanted
) -> Iterator[tuple[int, bytes] | int]:
    """As `registry_cut.lines`, from behind the header; `file` stands there already and is used where one process is enough."""
    if path.stat().st_size < (LARGE if member is None else LARGE // 8) or wanted.areas is None:
        yield from registry_cut.lines(file, wanted)
        return
    with tempfile.TemporaryDirectory(prefix="kneadwork-") as folder:
        ranges = [(0, 0)] if member else _ranges(path, start, min(MOST_WORKERS, os.cpu_count() or 1))
        parts = [Part(str(path), member, a, b, wanted) for a, b in ranges]
        running = [_begin(Path(folder) / str(n), part) for n, part in enumerate(parts)]
        try:
            yield from _gathered(running)
        finally:
            for process in running:
                process.kill()
                process.wait()


def _ranges(path: Path, start: int, count: int) -> list[tuple[int, int]]:
    """The file behind its header in about equal parts, each beginning at a row."""
    size = path.stat().st_size
    cuts = [start]
    with open(path, "rb") as file:
        for n in range(1, count):
            about = file.seek(start + (size - start) * n // count)
            found = NUMBER.search(file.read(registry_cut.LINE_BYTES))
            if found:
                cuts.append(about + found.start() + 1)
    cuts = sorted(set(cuts))
    return list(zip(cuts, [*cuts[1:], size], strict=True))


def _gathered(running: list[subprocess.Popen]) -> Iterator[tuple[int, bytes] | int]:
    """What the processes found, in the order of the file, with the line numbers of the whole (the header is line 1)."""
    offset = 2
    for process in running:
        stream, done = process.stdout, None
        assert stream is not None
        while done is None:
            try:
                found, done = pickle.load(stream)  # noqa: S301  from a process of our own
            except EOFError:
                raise Interrupted("a process that looked through the file ended early")
            for one in found:
                yield one if isinstance(one, int) else (one[0] + offset, one[1])
        offset += done


def _begin(place: Path, part: Part) -> subprocess.Popen:
    """Another Python, which knows this module and nothing of the site."""
    place.write_bytes(pickle.dumps(part))
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {__name__} import look_through; look_through({str(place)!r})"
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def look_through(place: str) -> None:
    """Look through one part and write what was found to standard output (in a process of its own).

    Frames of (found, None), and a last one of (found, number of lines).
    """
    part: Part = pickle.loads(Path(place).read_bytes())  # noqa: S301  written by our own process
    with _source(part) as source:
        found: list[tuple[int, bytes] | int] = []
        looking = registry_cut.lines(source, part.wanted, first=0)
        while True:
            try:
                found.append(next(looking))
            except StopIteration as ended:
                pickle.dump((found, ended.value), sys.stdout.buffer)
                return
            if len(found) >= 200:
                pickle.dump((found, None), sys.stdout.buffer)
                found = []


@contextmanager
def _source(part: Part) -> Iterator[IO[bytes]]:
    """What a part is read from."""
    if part.member is None:
        with open(part.path, "rb", buffering=1 << 20) as file:
            yield _Bounded(file, part.start, part.end)  # type: ignore[misc]
    else:
        with zipfile.ZipFile(part.path) as archive, archive.open(part.member) as file:
            file.readline(registry_cut.LINE_BYTES)
            yield file


class _Bounded:
    """A part of a file, as a file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        file.seek(start)
        self.file, self.left = file, end - start

    def readinto(self, view: memoryview) -> int:
        """So many bytes at most, those of the part only."""
        got = self.file.readinto(view[: self.left])  # type: ignore[attr-defined]
        self.left -= got
        return got
