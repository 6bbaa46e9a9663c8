"""Which lines of a registry file are worth parsing: nine million lines of which a practice wants a thousand.

A block of lines in the registry's own form is searched as a whole for what every wanted line contains: the first digits
of a ZIP code in reach at the beginning of a field, the state of a town in reach before something that is no ZIP code with
a place of its own (then the town says where it is), or a number known here. Only the lines around a hit are looked at,
first by cutting them, then by parsing. A block in any other form is taken line by line, and a line in any other form is
parsed in full.

Why no wanted line is lost: in the registry's own form a quoted number begins every line. A line end inside a field is
never followed by one, for a quote there would end the field; so each line of such a block is a whole row, and a row in
reach has its ZIP code's digits, or else its town's state, behind a quote, a comma or a gap.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO

from kneadwork.facts.zips import town_key

SEPARATOR = b'","'
LINE_BYTES = 1_000_000
BLOCK_BYTES = 256 * 1024
BEFORE_A_FIELD = b'", \t'
NUMBER = re.compile(rb'\n"(\d{10})"')
HEAD_BYTES = 12  # a registry number in its quotes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a wanted line contains; plain data, so that another process can look for it.

    zip_at, city_at, state_at: the columns of the address, -1 where there is none; areas: first three digits of the ZIP
    codes in reach, None where there is no limit; reach: the codes in reach; placed: all codes that have a place of their
    own; towns: those in reach, as `town_key` writes them, for the other codes; codes: a pattern of the taxonomy codes;
    known: registry numbers that count wherever they are.
    """

    separators: int
    zip_at: int
    areas: frozenset[str] | None
    reach: frozenset[str]
    placed: frozenset[str]
    codes: re.Pattern[bytes]
    known: frozenset[bytes]
    city_at: int = -1
    state_at: int = -1
    towns: frozenset[tuple[str, str]] = frozenset()

    def may_be_near(self, line: bytes) -> bool:
        """Whether the address of a plain line may be in reach."""
        if self.areas is None:
            return True
        cells = line.split(SEPARATOR, max(self.zip_at, self.city_at, self.state_at) + 1)

        def cell(at: int) -> str:
            return cells[at].decode("utf-8", "replace").strip('" \t\r\n') if at >= 0 else ""

        code = postal(cell(self.zip_at))[0][:5]
        if code in self.placed:
            return code in self.reach
        return code[:3] in self.areas or town_in(cell(self.city_at), cell(self.state_at)) in self.towns


def town_in(city: str, state: str) -> tuple[str, str]:
    """A town as `town_key` writes it, none where the state is not in capitals, as the registry writes it.

    Searching for small letters too would cost every file a pass, for the few that have neither ZIP code nor capitals.
    """
    return town_key(city, state) if state.isupper() else ("", "")


def postal(value: str) -> tuple[str, bool]:
    """A ZIP code with the leading noughts that a spreadsheet drops, and whether any were put back."""
    digits = value.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        return value, False
    wanted = 5 if len(digits) <= 5 else 9
    return digits.zfill(wanted), len(digits) != wanted or digits != value


def lines(file: IO[bytes], wanted: Wanted, first: int = 2) -> Generator[tuple[int, bytes] | int, None, int]:
    """(line number, logical line) of each line that must be parsed; a plain number counts lines that were ruled out.

    first: the number of the first line. Returns the number behind the last.
    """
    search = _search(wanted)
    number, rest = first, b""
    for buffer, size, whole in _blocks(file):
        if search is not None and whole and not rest:
            heads = _heads(buffer, size)
            if is_plain_block(heads):
                yield from _hits(buffer, size, number, heads, wanted, search)
                yield len(heads)
                number += len(heads)
                continue
        found, count, rest = _one_by_one(rest + bytes(buffer[:size]), number, wanted, last=False)
        yield from found
        number += count
    if rest:
        found, count, _nothing = _one_by_one(rest, number, wanted, last=True)
        yield from found
        number += count
    return number


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in a block: the first digits of ZIP codes, states before a cell that may be no such code, and how
    the lines of known numbers begin.
    """

    begins: tuple[re.Pattern[bytes], ...]
    states: tuple[re.Pattern[bytes], ...]
    known: frozenset[bytes]


def _search(wanted: Wanted) -> Search | None:
    """What to look for; None where no ZIP code limits the search, or the state does not stand before it.

    A spreadsheet drops leading noughts, so the digits behind them are looked for too.
    """
    if wanted.areas is None or wanted.towns and wanted.state_at != wanted.zip_at - 1:
        return None
    begins = {*wanted.areas} | {a.lstrip("0") for a in wanted.areas}
    if not begins or "" in begins:
        return None
    states = {state for _city, state in wanted.towns}
    return Search(
        tuple(_patterns(begins)), tuple(_patterns(states, rb'[^!-~]*"?,"?(?:(\d{5})(?:\d{4})?")?')),
        frozenset(b'"%b"' % number for number in wanted.known),
    )  # fmt: skip


def _patterns(words: set[str], behind: bytes = b"") -> Iterator[re.Pattern[bytes]]:
    """A pattern for each letter that the words begin with: what begins with one letter is found many times as quickly.

    behind: what follows each word; the group of states' is the cell behind, where it is five or nine digits.
    """
    for letter in sorted({word[0] for word in words}):
        rest = b"|".join(sorted(word[1:].encode() for word in words if word[0] == letter))
        yield re.compile(letter.encode() + b"(?:" + rest + b")" + behind)


def _heads(buffer: bytearray, size: int) -> list[bytes]:
    """How each line begins: a quoted number where the block has the registry's own form. None where a line has no end."""
    with memoryview(buffer) as view:
        *rows, behind = bytes(view[:size]).split(b"\n")
    return [] if behind else [row[:HEAD_BYTES] for row in rows]


def is_plain_block(heads: list[bytes]) -> bool:
    """Whether a block has lines and each begins with a quoted number.

    All are judged at once, which is several times as quick as one after the other.
    """
    joined, quotes = b"".join(heads), b'"' * len(heads)
    digits = joined.translate(None, b'"')
    return (
        len(joined) == HEAD_BYTES * len(heads) and len(digits) == len(joined) - 2 * len(heads) and digits.isdigit()
        and joined[::HEAD_BYTES] == quotes and joined[HEAD_BYTES - 1 :: HEAD_BYTES] == quotes
    )  # fmt: skip


def _hits(
    buffer: bytearray, size: int, number: int, heads: list[bytes], wanted: Wanted, search: Search
) -> Iterator[tuple[int, bytes] | int]:
    """The lines of a plain block that cannot be ruled out, each followed by -1, for it is none of those ruled out."""
    at = 0
    for start in sorted(_starts(buffer, size, heads, wanted, search)):
        line = bytes(buffer[start : buffer.index(b"\n", start) + 1])
        if not rules_out(line, wanted):
            number, at = number + buffer.count(b"\n", at, start), start
            yield number, line
            yield -1


def _starts(buffer: bytearray, size: int, heads: list[bytes], wanted: Wanted, search: Search) -> set[int]:
    """Where the lines with a hit begin."""
    starts: set[int] = set()
    for codes in search.begins:
        for hit in codes.finditer(buffer, 0, size):
            if buffer[hit.start() - 1] in BEFORE_A_FIELD:
                starts.add(buffer.rfind(b"\n", 0, hit.start()) + 1)
    for states in search.states:
        for hit in states.finditer(buffer, 0, size):
            before = buffer[hit.start() - 1]
            begins = before in BEFORE_A_FIELD or not 33 <= before <= 126
            if begins and not (hit[1] and hit[1].decode() in wanted.placed):
                starts.add(buffer.rfind(b"\n", 0, hit.start()) + 1)
    if not search.known.isdisjoint(heads):
        starts |= {m.start() + 1 for m in NUMBER.finditer(buffer, 0, size) if m[1] in wanted.known}
        starts |= {0} if heads[0] in search.known else set()
    return starts


def is_plain(line: bytes, wanted: Wanted) -> bool:
    """Whether the line has the registry's own form, so that cutting at separators is exact."""
    return (
        line.count(SEPARATOR) == wanted.separators and line.count(b'"') == 2 * (wanted.separators + 1)
        and line[:1] == b'"' and line.rstrip(b"\r\n")[-1:] == b'"'
    )  # fmt: skip


def rules_out(line: bytes, wanted: Wanted) -> bool:
    """Whether the line can be no row in scope."""
    if not is_plain(line, wanted) or line[1:11] in wanted.known:
        return False
    return not wanted.may_be_near(line) or wanted.codes.search(line) is None


def _one_by_one(data: bytes, number: int, wanted: Wanted, *, last: bool) -> tuple[list, int, bytes]:
    """Logical lines: one that is not plain and ends inside a quoted field is joined with those that follow.

    Answers what must be parsed, how many lines were used, and the rest that waits for the next block.
    """
    found: list[tuple[int, bytes] | int] = []
    at = used = skipped = 0
    while at < len(data):
        end, count = _end(data, at), 1
        if not is_plain(data[at:end], wanted):
            while (
                end < len(data)
                and end - at < LINE_BYTES
                and data.count(b'"', at, end) % 2
                and not _row_begins(data, end)
            ):
                end, count = _end(data, end), count + 1
            if end == len(data) and not last and end - at < LINE_BYTES:
                break
        line = data[at:end]
        if line.strip():
            if rules_out(line, wanted):
                skipped += 1
            else:
                found.append((number + used, line))
        at, used = end, used + count
    return [*found, skipped], used, data[at:]


def _row_begins(data: bytes | bytearray, at: int) -> bool:
    """Whether a quoted number begins this line: then a quote left open before it is a fault of the line before."""
    return data[at : at + 1] == b'"' and data[at + 1 : at + 11].isdigit() and data[at + 11 : at + 12] == b'"'


def _end(data: bytes, at: int) -> int:
    found = data.find(b"\n", at)
    return found + 1 if found >= 0 else len(data)


def _blocks(file: IO[bytes]) -> Iterator[tuple[bytearray, int, bool]]:
    """(buffer, size, whole): so many bytes of whole lines at its beginning; whole: whether a row begins behind them.

    The buffer is used again and small enough to stay in a core's cache, which makes the searches several times as quick.
    """
    buffer, filled, more = bytearray(BLOCK_BYTES), 0, True
    while more:
        with memoryview(buffer) as view:
            got = file.readinto(view[filled:])  # type: ignore[attr-defined]
        filled, more = filled + got, got > 0
        size = buffer.rfind(b"\n", 0, max(0, filled - 12)) + 1 if more else filled
        if not size and more and filled < LINE_BYTES:
            buffer.extend(bytes(BLOCK_BYTES) if filled == len(buffer) else b"")
            continue
        size = size or filled
        if size:
            yield buffer, size, not more or _row_begins(buffer, size)
        buffer[: filled - size] = buffer[size:filled]
        filled -= size
