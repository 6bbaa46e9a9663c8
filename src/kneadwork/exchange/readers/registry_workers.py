"""A large registry file looked through by several processes at once: byte searches hold Python to one core each.

The parts of a .csv begin at lines that begin with a quoted registry number, which no part of a row can do; a .zip is
inflated by one process and looked through by another. The processes know `registry_cut` alone: no database, no settings.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
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
    """What one process looks through: bytes from `start` to `end` of a file, or what it is fed where there is no path."""

    path: str | None
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
        if member is not None:
            running = [_feed(Path(folder), path, member, wanted)]
        else:
            ranges = _ranges(path, start, min(MOST_WORKERS, os.cpu_count() or 1))
            parts = [Part(str(path), a, b, wanted) for a, b in ranges]
            running = [[_begin(Path(folder) / str(n), part)] for n, part in enumerate(parts)]
        try:
            yield from _gathered(running)
        finally:
            for process in (p for chain in running for p in chain):
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


def _gathered(running: list[list[subprocess.Popen]]) -> Iterator[tuple[int, bytes] | int]:
    """What the processes found, in the order of the file, with the line numbers of the whole (the header is line 1)."""
    offset = 2
    for chain in running:
        stream, done = chain[-1].stdout, None
        assert stream is not None
        while done is None:
            try:
                found, done = pickle.load(stream)  # noqa: S301  from a process of our own
            except EOFError:
                raise Interrupted("a process that looked through the file ended early")
            for one in found:
                yield one if isinstance(one, int) else (one[0] + offset, one[1])
        offset += done


def _begin(place: Path, part: Part, feeding: subprocess.Popen | None = None) -> subprocess.Popen:
    place.write_bytes(pickle.dumps(part))
    return _python(f"look_through({str(place)!r})", feeding.stdout if feeding else subprocess.DEVNULL)


def _feed(folder: Path, path: Path, member: str, wanted: Wanted) -> list[subprocess.Popen]:
    """One process that inflates, and one that looks through what it says."""
    feeding = _python(f"inflate({str(path)!r}, {member!r})", subprocess.DEVNULL)
    looking = _begin(folder / "zip", Part(None, 0, 0, wanted), feeding)
    assert feeding.stdout is not None
    feeding.stdout.close()  # the other process has it now
    return [feeding, looking]


def _python(call: str, stdin) -> subprocess.Popen:
    """Another Python that knows this module and nothing of the site."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {__name__} import *; {call}"
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", code], stdin=stdin, stdout=subprocess.PIPE)


def inflate(path: str, member: str) -> None:
    """Write what a zip holds, behind the header, to standard output (in a process of its own)."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        file.readline(registry_cut.LINE_BYTES)
        shutil.copyfileobj(file, sys.stdout.buffer, 1 << 22)


def look_through(place: str) -> None:
    """Look through one part and write what was found to standard output (in a process of its own).

    Frames of (found, None), and a last one of (found, number of lines).
    """
    part: Part = pickle.loads(Path(place).read_bytes())  # noqa: S301  written by our own process
    with open(part.path, "rb", buffering=1 << 20) if part.path else sys.stdin.buffer as file:
        source = _Bounded(file, part.start, part.end) if part.path else file
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


class _Bounded:
    """A part of a file, as a file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        file.seek(start)
        self.file, self.left = file, end - start

    def read(self, size: int) -> bytes:
        """So many bytes at most, those of the part only."""
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def readline(self, size: int) -> bytes:
        """The rest of a line."""
        data = self.file.readline(min(size, self.left)) if self.left else b""
        self.left -= len(data)
        return data
