"""vCards as address books write them: each card a record, nothing of it lost in silence, no line that takes for ever."""

from __future__ import annotations

import time

import pytest

from kneadwork.exchange.neutral import Record
from kneadwork.exchange.readers import vcard
from kneadwork.exchange.recognise import recognise


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


def test_what_stands_twice_in_a_card_is_kept_twice():
    one = card(
        "FN:Ada Stone", "FN:Ada Pebble", "TITLE:Owner", "TITLE:Chiropractor", "NOTE:first note", "NOTE:second remark",
        "ORG:Ballard Spine;Neck", "ORG:Second Spine", "IMPP:xmpp:a@stone.example", "IMPP:xmpp:b@stone.example",
    )  # fmt: skip
    assert (one.name, one.other_names, one.title, one.organisation) == (
        "Ada Stone",
        ["Ada Pebble"],
        "Owner",
        "Ballard Spine",
    )
    assert one.note == "first note\nsecond remark"
    assert one.extra == {
        "Title": "Chiropractor", "Department": "Neck", "Organisation": "Second Spine",
        "Impp": "xmpp:a@stone.example", "Impp 2": "xmpp:b@stone.example",
    }  # fmt: skip
    recognise(one)
    assert one.profession == "chiropractor"


def test_properties_that_nobody_knows_are_kept_like_unknown_columns():
    one = card(
        "UID:urn:uuid:1", "REV:2026-01-01", "PRODID:x", "FN:Ada Stone", "BDAY:1980-01-02", "X-SHOE-SIZE:38", "X-EMPTY:", "LABEL:1 Main St",
        "item1.X-ABDATE:2010-05-01", "item1.X-ABLabel:_$!<Anniversary>!$_", "item2.X-ABRELATEDNAMES:Bo", "item2.X-ABLabel:Uncle",
    )  # fmt: skip
    assert one.extra == {
        "Birthday": "1980-01-02",
        "X-Shoe-Size": "38",
        "Anniversary": "2010-05-01",
        "Uncle": "Bo",
        "Address": "1 Main St",
    }


@pytest.mark.parametrize(
    "first, second", [("PREF=2", "PREF=1"), ("TYPE=HOME", "TYPE=HOME,PREF"), ("HOME", "PREF"), ("X=1", "PREF=50")]
)
def test_what_a_card_prefers_comes_first(first, second):
    one = card(
        "FN:Ada Stone", f"TEL;{first}:206-555-0101", f"TEL;{second}:206-555-0102", f"EMAIL;{first}:a@stone.example",
        f"EMAIL;{second}:b@stone.example", f"ADR;{first}:;;1 Main St;;;;", f"ADR;{second}:;;2 Oak St;;;;",
    )  # fmt: skip
    assert [p.value for p in one.phones] == ["206-555-0102", "206-555-0101"]
    assert [e.value for e in one.emails] == ["b@stone.example", "a@stone.example"]
    assert [a.line1 for a in one.addresses] == ["2 Oak St", "1 Main St"]
