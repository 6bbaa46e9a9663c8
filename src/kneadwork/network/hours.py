"""Opening hours as OpenStreetMap writes them ("Mo-Fr 09:00-17:00; PH off"): when a place is open, in its own local time.

Plain functions of text and time; the text is read by opening-hours-py when it is needed, never at an import.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache

Span = tuple[datetime, datetime]
DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def _read(text: str, country: str):
    """The hours of a text; None where it says none."""
    import opening_hours

    try:
        return opening_hours.OpeningHours(text, country=country or None)
    except opening_hours.UnknownCountryError:
        return _read(text, "")
    except opening_hours.ParserError:
        return None


def is_readable(text: str) -> bool:
    """Whether a text says hours."""
    return bool(text) and _read(text, "") is not None


def open_spans(text: str, start: datetime, end: datetime, *, country: str = "") -> list[Span] | None:
    """When a place is open between two moments, both in its local time without zone; None where that is not known.

    country: the two letters by which public holidays count ("PH off"). Words alone ("by appointment") are no hours.
    """
    import opening_hours

    hours = _read(text, country.upper() if len(country) == 2 else "") if text else None
    if hours is None:
        return None
    spans: list[Span] = []
    for begin, stop, state, words in hours.intervals(start, end):
        if state == opening_hours.State.UNKNOWN or (words and stop - begin >= min(DAY, end - start)):
            return None
        if state != opening_hours.State.OPEN:
            continue
        if spans and spans[-1][1] == begin:
            begin = spans.pop()[0]
        spans.append((begin, min(stop, end)))
    return spans


def of_day(text: str, day: datetime, *, country: str = "") -> str | None:
    """The hours of a day as text ("09:00–12:00, 13:00–17:00"); "" on a day when it is closed, None where not known."""
    start = datetime.combine(day.date(), time())
    spans = open_spans(text, start, start + DAY, country=country)
    if spans is None:
        return None
    return ", ".join(f"{begin:%H:%M}–{'24:00' if end == start + DAY else format(end, '%H:%M')}" for begin, end in spans)
