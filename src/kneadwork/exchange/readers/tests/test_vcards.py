"""vCards as address books write them: each card a record, nothing of it lost in silence, no line that takes for ever."""

from __future__ import annotations

import time

import pytest

from kneadwork.exchange.neutral import Record
from kneadwork.exchange.readers import vcard


def card(*lines: str) -> Record:
    (one,) = vcard.read("\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]).encode())
    assert isinstance(one, Record), one
    return one


@pytest.mark.parametrize("line", [
    "TEL;X=" + '"a' * 4000, "TEL;X" + "=a" * 4000 + '"', "TEL;" * 4000, "TEL" + ';"' * 4001, "TEL;X=" + '"a";' * 4000 + '"',
])  # fmt: skip
def test_no_line_takes_longer_than_it_is_long(line):
    begun = time.monotonic()
    one = card("FN:Ada Stone", line, "EMAIL:ada@stone.example")
    assert time.monotonic() - begun < 2
    assert one.emails[0].value == "ada@stone.example" and any("TEL" in w for w in one.warnings)


def test_a_colon_within_quotes_does_not_end_the_parameters():
    one = card("FN:Ada Stone", 'TEL;X="a:b;c";TYPE=CELL:206-555-0101', 'TEL;X="a:206-555-0102')
    assert [(p.value, p.kind) for p in one.phones] == [("206-555-0101", "mobile"), ("206-555-0102", "other")]


def without_end(names: list[str], lacking: int) -> bytes:
    return "\n".join(
        f"BEGIN:VCARD\nFN:{name}" + ("" if number == lacking else "\nEND:VCARD") for number, name in enumerate(names)
    ).encode()


@pytest.mark.parametrize("lacking", range(7))
def test_a_card_without_an_end_costs_no_other(lacking):
    names = [f"Person Number{n}" for n in range(7)]
    found = list(vcard.read(without_end(names, lacking)))
    assert [one.name for one in found] == names
    assert [bool(one.warnings) for one in found] == [n == lacking for n in range(7)]


def test_a_card_inside_a_card_belongs_to_it_and_is_said():
    one = card("FN:Ada Stone", "AGENT:", "BEGIN:VCARD", "FN:Her Helper", "END:VCARD", "TEL:206-555-0101")
    assert (one.name, one.phones[0].value) == ("Ada Stone", "206-555-0101")
    assert len(one.warnings) == 1


def test_a_line_that_cannot_be_read_is_said():
    one = card("FN:Ada Stone", "what is this", "NOTE;ENCODING=b:***")
    assert len(one.warnings) == 2 and "what is this" in one.warnings[0]


def test_lines_broken_in_other_ways_are_put_together():
    one = card("FN:Ada Stone", "ADR;HOME:;;Hermann v. Brevern\\", "9999999\\", "Packstation 999;Hamburg;;99999;Germany")
    assert (one.addresses[0].line1, one.addresses[0].line2) == ("Hermann v. Brevern", "9999999, Packstation 999")
    (turned,) = vcard.read(b"BEGIN:VCARD\r\r\nFN:Ada\r\r\n  Stone\r\r\nEND:VCARD\r\r\n")
    assert turned.name == "Ada Stone" and not one.warnings + turned.warnings
