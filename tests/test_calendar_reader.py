"""What a calendar says of when somebody is busy: zones, repetitions, exceptions; and what a hostile one cannot do."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers import calendar
from kneadwork.exchange.readers.calendar import Busy, Window

SEATTLE = ZoneInfo("America/Los_Angeles")
WINDOW = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC), SEATTLE)
HEAD, END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n", "END:VCALENDAR\r\n"


def entry(lines: str, uid: str = "1") -> str:
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}\r\nEND:VEVENT\r\n"


def read(*parts: str, window: Window = WINDOW, own=()) -> Busy:
    return calendar.busy([(HEAD + "".join(parts) + END).encode()], window, own=own)


def hours(*parts: str, **more) -> list[str]:
    """The spans in the practice's time, as 12-01 10:00–11:00."""
    return [
        f"{s.begins.astimezone(SEATTLE):%m-%d %H:%M}–{s.ends.astimezone(SEATTLE):%H:%M}"
        for s in read(*parts, **more).spans
    ]


TEN = "DTSTART:20261201T100000\r\nDTEND:20261201T110000"
ZONE = """BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:{0}\r\nTZOFFSETTO:{0}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"""


@pytest.mark.parametrize("lines, found", [
    (TEN, ["12-01 10:00–11:00"]),
    ("DTSTART:20261201T180000Z\r\nDTEND:20261201T190000Z", ["12-01 10:00–11:00"]),
    ("DTSTART;TZID=Europe/Berlin:20261201T190000\r\nDURATION:PT1H", ["12-01 10:00–11:00"]),
    ("DTSTART;TZID=W. Europe Standard Time:20261201T190000\r\nDURATION:PT1H", ["12-01 10:00–11:00"]),
    ('DTSTART;TZID="Pacific Standard Time":20261201T100000\r\nDURATION:PT1H', ["12-01 10:00–11:00"]),
    ("DTSTART;TZID=/citadel.org/20210210_1/Europe/Berlin:20261201T190000\r\nDURATION:PT1H", ["12-01 10:00–11:00"]),
    ("DTSTART;TZID=Nowhere/At all:20261201T100000\r\nDURATION:PT1H", ["12-01 10:00–11:00"]),
    ("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203", ["12-01 00:00–00:00"]),
    ("DTSTART;VALUE=DATE:20261201", ["12-01 00:00–00:00"]),
    (f"{TEN}\r\nTRANSP:TRANSPARENT", []), (f"{TEN}\r\nSTATUS:CANCELLED", []), (f"{TEN}\r\nSTATUS:TENTATIVE", ["12-01 10:00–11:00"]),
    (f"{TEN}\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []), ("DTSTART:20261201T100000", []),
    (f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=2", ["12-01 10:00–11:00", "12-02 10:00–11:00"]),
    (f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20261202T100000", ["12-01 10:00–11:00", "12-03 10:00–11:00"]),
    (f"{TEN}\r\nRDATE:20261205T120000", ["12-01 10:00–11:00", "12-05 12:00–13:00"]),
    ("DTSTART:20100105T100000\r\nDTEND:20100105T110000\r\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", ["12-24 10:00–11:00"]),
])  # fmt: skip
def test_when_somebody_is_busy(lines, found):
    assert hours(entry(lines)) == found


def test_an_all_day_entry_lasts_from_midnight_to_midnight_where_the_practice_is():
    [span] = read(entry("DTSTART;VALUE=DATE:20261201")).spans
    assert span.all_day and (span.begins, span.ends - span.begins) == (
        datetime(2026, 12, 1, 8, tzinfo=UTC),
        timedelta(days=1),
    )


def test_a_time_that_was_moved_or_called_off_is_where_it_was_moved():
    series = entry(f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=3")
    moved = entry("RECURRENCE-ID:20261202T100000\r\nDTSTART:20261202T150000\r\nDTEND:20261202T160000")
    off = entry(f"RECURRENCE-ID:20261203T100000\r\n{TEN.replace('1201', '1203')}\r\nSTATUS:CANCELLED")
    assert hours(series, moved, off) == ["12-01 10:00–11:00", "12-02 15:00–16:00"]


def test_hours_of_what_repeats_stay_the_same_through_the_change_of_the_clock():
    lines = "DTSTART;TZID=America/Los_Angeles:20270301T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    spans = read(entry(lines)).spans
    assert [s.begins.hour for s in spans] == [18, 18, 17]


def test_what_one_declined_takes_no_time_and_what_others_declined_does():
    def invited(address: str) -> str:
        return entry(f"{TEN}\r\nATTENDEE;PARTSTAT=DECLINED;CN=R:mailto:{address}")

    assert hours(invited("Robin@practice.example"), own=["robin@practice.example"]) == []
    assert hours(invited("kofi@harbor.example"), own=["robin@practice.example"]) == ["12-01 10:00–11:00"]


def test_one_time_of_a_series_that_one_declined_is_free():
    off = entry(
        f"RECURRENCE-ID:20261202T100000\r\n{TEN.replace('1201', '1202')}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:r@p.example"
    )
    series = entry(f"{TEN}\r\nRRULE:FREQ=DAILY;COUNT=3")
    assert hours(series, off, own=["r@p.example"]) == ["12-01 10:00–11:00", "12-03 10:00–11:00"]


def test_our_own_entries_make_nobody_busy():
    assert hours(entry(TEN, uid="0abc@kneadwork")) == []


def test_a_free_busy_list_counts_without_its_free_times():
    lines = "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261201T180000Z/PT1H,20261201T200000Z/20261201T203000Z\r\nFREEBUSY;FBTYPE=FREE:20261202T180000Z/PT1H\r\nEND:VFREEBUSY\r\n"
    assert hours(lines) == ["12-01 10:00–11:00", "12-01 12:00–12:30"]


def test_a_zone_that_a_file_defines_holds_in_that_file_and_in_no_other():
    lines = "DTSTART;TZID=Ours:20261201T100000\r\nDURATION:PT1H"
    starts = [read(ZONE.format(offset), entry(lines)).spans[0].begins.hour for offset in ("+0500", "-0300", "+0500")]
    assert starts == [5, 13, 5] and read(entry(lines)).spans[0].begins.hour == 18


def test_one_bad_entry_costs_itself_alone():
    found = read(
        entry("DTSTART:someday", "1"), entry("SUMMARY:no day", "2"), entry(TEN, "3"), "BEGIN:VEVENT\r\nDTSTART:2026"
    )
    assert len(found.spans) == 1 and found.unread == 3


def test_entries_are_cut_to_the_window():
    [span] = read(entry("DTSTART:20200101T000000Z\r\nDTEND:20300101T000000Z")).spans
    assert (span.begins, span.ends) == (WINDOW.begins, WINDOW.ends)


# What a hostile calendar cannot do


@pytest.mark.parametrize("lines", [
    f"{TEN}\r\nRRULE:FREQ=SECONDLY", f"{TEN}\r\nRRULE:FREQ=MINUTELY", "DTSTART:00010101T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4",
    f"{TEN}\r\nRRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))};BYSECOND={','.join(map(str, range(60)))}",
    f"{TEN}\r\nBEGIN:VALARM\r\nREPEAT:999999999\r\nDURATION:PT1S\r\nTRIGGER:-PT1S\r\nEND:VALARM\r\nRRULE:FREQ=HOURLY",
    f"{TEN}\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY\r\nRRULE:FREQ=DAILY",
])  # fmt: skip
def test_what_repeats_without_measure_is_counted_and_not_followed(lines):
    started = time.monotonic()
    found = read(entry(lines, "1"), entry(TEN, "2"))
    assert found.unread == 1 and len(found.spans) == 1 and time.monotonic() - started < 2


def test_a_zone_whose_rule_never_ends_is_none():
    zone = ZONE.format("+0500").replace("END:STANDARD", "RRULE:FREQ=SECONDLY\r\nEND:STANDARD")
    started = time.monotonic()
    assert hours(zone, entry("DTSTART;TZID=Ours:20261201T100000\r\nDURATION:PT1H")) == ["12-01 10:00–11:00"]
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("parts", [
    ["BEGIN:VEVENT\r\n" * 1200], [entry("DESCRIPTION:" + "\r\n x" * 1_000_000)], [entry("BEGIN:X\r\n" * 1200 + TEN)],
    [entry(TEN + "\r\nX" + "Y" * 3_000_000)], [entry(f"{TEN}\r\nRDATE:{'20261205T120000,' * 20_000}")],
])  # fmt: skip
def test_depth_and_length_take_no_time(parts):
    started = time.monotonic()
    found = read(*parts, entry(TEN, "last"))
    assert time.monotonic() - started < 5 and len(found.spans) == 1


def test_reading_ends_in_time_and_says_so(monkeypatch):
    monkeypatch.setattr(calendar, "MOST_SECONDS", 0.2)
    never = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    found = read(*(entry(f"{TEN}\r\n{never}", str(n)) for n in range(40)))
    assert found.cut


def test_so_many_times_are_kept_and_no_more():
    lines = f"{TEN}\r\nRRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE=0,30"
    found = read(entry(lines))
    assert len(found.spans) == calendar.MOST_SPANS and found.cut


@given(st.binary(max_size=400))
def test_whatever_bytes_come_are_read_or_refused_in_words(data):
    for whole in (data, HEAD.encode() + b"BEGIN:VEVENT\r\n" + data + b"\r\nEND:VEVENT\r\n" + END.encode()):
        try:
            calendar.busy([whole], WINDOW)
        except Unreadable as refused:
            assert str(refused)


def files(corpus) -> list:
    return [f for f in sorted((corpus / "ical").rglob("*")) if f.suffix != ".md" and f.is_file()]


@pytest.mark.corpus
def test_every_calendar_of_the_corpus_says_when_somebody_is_busy_or_is_refused_in_words(corpus):
    """Read for each of the years in which its entries lie."""
    named, spans, refused = files(corpus), 0, []
    for file in named:
        for year in (1997, 2007, 2013, 2019, 2022, 2024, 2026):
            window = Window(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC), SEATTLE)
            try:
                spans += len(calendar.busy([file.read_bytes()], window).spans)
                calendar.coming([file.read_bytes()], window)
            except Unreadable as fault:
                assert str(fault)
                refused.append(file.name)
    assert len(named) == 130 and spans > 400 and len(set(refused)) < 15
