"""Letters, leaflets and walks set by typst as tagged PDF (PDF/UA-1). Texts go in as data, never as markup."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files


class CannotBeSet(Exception):
    """typst refused a text or a picture; the message says what, in its words."""


@dataclass(frozen=True, slots=True)
class LetterSheet:
    """One letter: lines of the address, salutation, paragraphs."""

    address: tuple[str, ...]
    salutation: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: lines at the head, closing name and credential, place and date."""

    lines: tuple[str, ...]
    name: str
    credential: str
    date: str


@dataclass(frozen=True, slots=True)
class LeafletSheet:
    """A leaflet: its title and paragraphs, who speaks, the practice's exact directions, and its own lines to reach it."""

    title: str
    paragraphs: tuple[str, ...]
    practice: str
    directions: str
    reach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkSheet:
    """One stop of a walk to take along: when, whom, lines about where and when they are open, the offer, what to ask."""

    time: str
    name: str
    facts: tuple[str, ...]
    offer: str
    questions: tuple[str, ...]


def leaflet_pdf(sheet: LeafletSheet, *, title: str, language: str = "en") -> bytes:
    """A leaflet on one page, set as large as it fits."""
    return _compile("leaflet.typ", {"sheet": asdict(sheet), "title": title, "language": language}, None)


def walk_pdf(stops: Sequence[WalkSheet], *, title: str, summary: str, credit: str, language: str = "en") -> bytes:
    """A walk as a list, with room for notes at each stop."""
    return _compile("walk.typ", {
        "stops": [asdict(stop) for stop in stops], "title": title, "summary": summary, "credit": credit, "language": language,
    }, None)  # fmt: skip


def letters_pdf(
    letters: Sequence[LetterSheet], *, sender: Sender, envelope: str = "window", signature: bytes | None = None,
    title: str = "Letters", language: str = "en",
) -> bytes:  # fmt: skip
    """All letters, each beginning on a page of its own; envelope `window` (US #10) or `plain`."""
    return _compile("letters.typ", {
        "letters": [asdict(letter) for letter in letters], "sender": asdict(sender), "envelope": envelope,
        "title": title, "language": language,
    }, signature)  # fmt: skip


def labels_pdf(addresses: Sequence[Sequence[str]], *, title: str = "Labels", language: str = "en") -> bytes:
    """Address labels, thirty to a sheet (2 5/8 by 1 inch, three columns)."""
    return _compile(
        "labels.typ", {"addresses": [list(a) for a in addresses], "title": title, "language": language}, None
    )


def can_set(texts: Sequence[str]) -> bool:
    """Whether the fonts hold every character of these texts: tried, since nobody else knows which fonts there are."""
    try:
        _compile("probe.typ", {"texts": list(texts), "title": "Probe", "language": "en"}, None)
    except CannotBeSet:
        return False
    return True


def _compile(name: str, data: dict, signature: bytes | None) -> bytes:
    import typst

    source = files("kneadwork.outreach").joinpath(f"typst/{name}").read_bytes()
    whole = _settable(data) | {"signature": list(signature) if signature else None}
    try:
        return typst.compile(
            source, format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": json.dumps(whole, ensure_ascii=False)},
            ignore_system_fonts=True,
        )  # fmt: skip
    except typst.TypstError as refused:
        raise CannotBeSet(str(refused)) from refused


def settable(text: str) -> str:
    """A text without control characters, byte order marks and lone surrogates, which no font sets."""
    plain = text.encode("utf-8", "ignore").decode()
    return "".join(c for c in plain if c == "\n" or (c != "\ufeff" and unicodedata.category(c) != "Cc"))


def _settable(value):
    """The same for everything within lists and dicts."""
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, dict):
        return {k: _settable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(v) for v in value]
    return value
