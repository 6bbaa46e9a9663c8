"""The lines of calendars: each entry cut out with the properties asked for and nothing else, its time zones made certain.

Cut by hand before the library reads it: one bad entry costs itself and not the file; alarms, attachments and what lies too
deep are never built; and a zone that a file defines is named by its content, since the library remembers zones by name for
all who come later.
"""

from __future__ import annotations

import hashlib
import re
import zoneinfo
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kneadwork.exchange.readers.vcard_lines import _charset, unify

#: When an entry is: all that busy times need.
WHEN = frozenset({"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
                  "TRANSP", "SEQUENCE"})  # fmt: skip
WHAT = frozenset({"SUMMARY", "LOCATION", "DESCRIPTION"})
ENTRIES = frozenset({"VEVENT", "VFREEBUSY"})
#: A line of an entry, a file's entries, and how deep things may lie in each other.
MOST_CHARACTERS, MOST_ENTRIES, DEEPEST = 100_000, 50_000, 8
_NAME = re.compile(r"([A-Za-z0-9-]{1,60})[;:]")
_ZONE = re.compile(r';TZID=("[^"]*"|[^;:]*)', re.I)


@dataclass(slots=True)
class Entry:
    """One entry: its kind, the lines of the properties asked for, by name; whether it takes no time of anybody."""

    kind: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    free: bool = False
    broken: bool = False

    def value(self, name: str) -> str:
        """The value of the first line of this name, or ""."""
        return next((line.rpartition(":")[2].strip() for key, line in self.lines if key == name), "")

    def text(self) -> str:
        """The entry as the library reads it."""
        inside = "\n".join(line for _name, line in self.lines)
        return f"BEGIN:{self.kind}\n{inside}\nEND:{self.kind}"


@dataclass(slots=True)
class Lines:
    """What stands in a calendar: its entries, its zones by the names used in them, and what holds for all of it."""

    entries: list[Entry] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    method: str = ""
    holds_calendar: bool = False

    def calendar(self, entries: Collection[Entry]) -> str:
        """These entries as a calendar of their own, with the zones that they name."""
        inside = "\n".join(entry.text() for entry in entries)
        zones = "\n".join(text for name, text in self.zones.items() if name in inside)
        return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Kneadwork//EN\n{zones}\n{inside}\nEND:VCALENDAR\n"


def read(data: bytes, *, names: Collection[str] = WHEN, own: Collection[str] = ()) -> Lines:
    """The entries of a calendar's bytes; own: e-mail addresses whose declining makes an entry free."""
    found, stack, zone = Lines(), [], []
    entry: Entry | None = None
    for line in _unfolded(data):
        mark = line.strip().upper()
        if mark.startswith("BEGIN:"):
            stack.append(mark[6:])
            found.holds_calendar |= mark == "BEGIN:VCALENDAR"
            if mark[6:] in ENTRIES:
                _close(found, entry)
                entry = Entry(mark[6:])
            elif entry is not None and len(stack) > DEEPEST:
                entry.broken = True
            zone = [] if mark == "BEGIN:VTIMEZONE" else zone
        if entry is None and "VTIMEZONE" in stack:
            zone.append(line.strip())
        if mark.startswith("END:"):
            if mark == "END:VTIMEZONE":
                _take_zone(found, zone)
            if mark[4:] in ENTRIES:
                _close(found, entry)
                entry = None
            _pop(stack, mark[4:])
        elif entry is not None and stack and stack[-1] == entry.kind:
            _take(entry, line, names, own)
        elif mark.startswith("METHOD:"):
            found.method = mark[7:]
        if len(found.entries) >= MOST_ENTRIES:
            break
    if entry is not None:
        entry.broken = True
    _close(found, entry)
    return _with_zones(found)


def _close(found: Lines, entry: Entry | None) -> None:
    if entry is not None:
        found.entries.append(entry)


def _pop(stack: list[str], name: str) -> None:
    """Leave what ends here, with what was forgotten to be ended in it."""
    if name in stack:
        while stack.pop() != name:
            pass


def _take(entry: Entry, line: str, names: Collection[str], own: Collection[str]) -> None:
    """Keep a line of an entry, or what it says of whether time is taken."""
    named = _NAME.match(line)
    if named is None:
        return
    name = named[1].upper()
    if name == "ATTENDEE":
        low = line.casefold()
        entry.free |= "partstat=declined" in low and any(low.rstrip().endswith(f":{one.casefold()}") for one in own)
    elif name == "X-MICROSOFT-CDO-BUSYSTATUS":
        entry.free |= line.rpartition(":")[2].strip().upper() in ("FREE", "WORKINGELSEWHERE")
    elif name in names or (name == "FREEBUSY" and entry.kind == "VFREEBUSY"):
        if len(line) > MOST_CHARACTERS:
            entry.broken |= name in WHEN
        else:
            entry.lines.append((name, line))


def _unfolded(data: bytes) -> Iterator[str]:
    """Lines with their continuations, in whatever encoding; nothing that is no text."""
    data = unify(data)
    text = data.decode(_charset(data), "replace").replace("\0", "")
    pending: list[str] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t") and pending:
            pending.append(line[1:])
            continue
        if pending:
            yield "".join(pending)
        pending = [line]
    yield "".join(pending)


# Time zones


def _take_zone(found: Lines, zone: list[str]) -> None:
    """Keep a zone that the file defines, under the name it has there; one whose rule is finer than a year is none."""
    rules = [line.upper() for line in zone if line.upper().startswith(("RRULE", "EXRULE"))]
    name = next((line.partition(":")[2].strip() for line in zone if line.upper().startswith("TZID")), "")
    if name and len(zone) < 1_000 and all("FREQ=YEARLY" in rule and "BYHOUR" not in rule for rule in rules):
        found.zones.setdefault(name, "\n".join(zone))


def _with_zones(found: Lines) -> Lines:
    """Each zone named by what it is: one that everybody knows by that name, a defined one by its content, else none."""
    defined, found.zones = found.zones, {}
    names: dict[str, str] = {}

    def certain(given: re.Match) -> str:
        name = given[1].strip('"').strip()
        if name not in names:
            names[name] = _known(name) or _defined(name, defined.get(name, ""), found.zones)
        return f";TZID={names[name]}" if names[name] else ""

    for entry in found.entries:
        entry.lines = [(name, _ZONE.sub(certain, line, count=1)) for name, line in entry.lines]
    return found


@lru_cache(maxsize=1024)
def _known(name: str) -> str:
    """The zone's name in the public database, where this is one, or one of Windows, or ends in one; else ""."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    clean = name.strip("/")
    parts = clean.split("/")
    for candidate in (clean, WINDOWS_TO_OLSON.get(clean, ""), *("/".join(parts[n:]) for n in range(1, len(parts)))):
        if candidate and is_zone(candidate):
            return candidate
    return ""


def is_zone(name: str) -> bool:
    """Whether the public database has a zone of this name."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _defined(name: str, text: str, zones: dict[str, str]) -> str:
    """A name made of a zone's content, under which it is kept; the public name where the definition says one."""
    if not text:
        return ""
    public = re.search(r"^X-LIC-LOCATION:(.*)$", text, re.M | re.I)
    if public and is_zone(public[1].strip()):
        return public[1].strip()
    own = f"kneadwork-{hashlib.sha256(text.encode()).hexdigest()[:24]}"
    zones[own] = re.sub(r"^TZID.*$", f"TZID:{own}", text, count=1, flags=re.M | re.I)
    return own
