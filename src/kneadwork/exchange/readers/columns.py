"""What the columns of a table hold: by the titles of known products, by synonyms, else by what stands in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext_lazy as _

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers.sheets import Line, Sheet

#: What a column can be said to hold, for people; the first is "keep it as it is".
FIELDS = {
    "": _("Kept as a note of its own"), "skip": _("Left out"), "name": _("Whole name"), "given": _("First name"),
    "middle": _("Middle name"), "family": _("Last name"), "prefix": _("Title before the name"), "suffix": _("Suffix"),
    "nickname": _("Nickname"), "credentials": _("Credentials"), "organisation": _("Organisation"),
    "department": _("Department"), "title": _("Occupation"), "email": _("E-mail"), "phone": _("Telephone"),
    "url": _("Website"), "line1": _("Street"), "line2": _("Street, second line"), "city": _("Town"),
    "region": _("State"), "postal": _("ZIP code"), "country": _("Country"), "note": _("Note"), "tags": _("Tags"),
    "referred_by": _("Referred by"), "referrer_email": _("E-mail of who referred"),
    "referrer_phone": _("Telephone of who referred"), "first_visit": _("First visit"), "last_visit": _("Last visit"),
    "visits": _("Number of visits"), "since": _("Client since"), "number": _("Client number"), "npi": _("Registry number"), "filed": _("Filed as"),
}  # fmt: skip
BOOKING_FIELDS = frozenset({"last_visit", "first_visit", "visits", "since", "number"})
NAMING = {"name", "given", "family", "organisation", "email", "filed"}
HEADER_WITHIN = 30
#: The column that a file of rejected rows carries (`exchange.mending`).
MENDED = "Why it could not be read"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read. columns: index → field; kind: address_book or booking; sure: the kind need not be asked.

    others: further sheets of the workbook that hold people too, and are not read.
    """

    sheet: Sheet
    header: int
    titles: tuple[str, ...]
    columns: dict[int, str]
    kind: str
    sure: bool
    product: str = ""
    remembered: bool = field(default=False)
    others: tuple[str, ...] = ()

    @property
    def lines(self) -> list[Line]:
        """The rows below the header."""
        return self.sheet.lines[self.header + 1 :]

    @property
    def signature(self) -> str:
        """The same for every file with these titles, by which the choices are remembered."""
        return hashlib.sha256("\x1f".join(self.titles).casefold().encode()).hexdigest()


@lru_cache(maxsize=1)
def products() -> dict:
    """The columns of known products."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/contact_columns.yaml").read_text("utf-8"))


@lru_cache(maxsize=1)
def synonyms() -> dict:
    """Titles to try, and signs of either kind."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/column_synonyms.yaml").read_text("utf-8"))


def plain(title: str) -> str:
    """A title for comparison: words apart, small letters."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title.replace("_", " "))
    return re.sub(r"\s+", " ", apart).strip().strip("*:").casefold()


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    known = {title: name for name, titles in synonyms()["fields"].items() for title in titles}
    return known | {plain(title): "referred_by" for title in products()["referrer_titles"]}


@lru_cache(maxsize=4000)
def field_of(title: str) -> str:
    """What a column of this title holds, "" where that is not known."""
    words = plain(title)
    if not words or re.search(r" - (label|type)$", words):
        return ""
    if words in _titles():
        return _titles()[words]
    inner = re.sub(r"^(e-?mail|phone|address|website|organization) \d+ - ", "", words)
    groups = "|".join(synonyms()["address_groups"])
    bare = re.sub(rf"^({groups}) |\s*\d+$", "", inner)
    if words.startswith(("address", *synonyms()["address_groups"])):
        bare = {"formatted": "", "extended address": "street 2", "po box": ""}.get(bare, bare)
        found = _titles().get(bare, "") if bare else ""
        if found in ("line1", "line2", "city", "region", "postal", "country"):
            second = re.search(r"(?:street|address) ([23])$", inner)
            return found if second is None else "line2" if second[1] == "2" else ""
    if words.startswith("website") and inner == "value" or re.fullmatch(r"web ?(page|site) \d+", words):
        return "url"
    return _reach(words)


def _reach(words: str) -> str:
    others = r"label|type|doctor|referr|emergency|guardian|assistant|spouse|manager"
    if re.search(r"e-?mail", words):
        noise = others + r"|status|opt|market|display|subscri|accept|sent|verified|date"
        return "" if re.search(noise, words) else "email"
    if re.search(r"\b(tele)?phones?\b|mobile|\bcell|\bfax|^tel\b", words):
        return "" if re.search(others + r"|provider|carrier|opt|status", words) else "phone"
    return ""


def layout(found: Sequence[Sheet], kind: str = "auto", chosen: dict[str, str] | None = None) -> Layout:
    """How to read the best table among the sheets; Unreadable where no column could say a name.

    kind: address_book, booking, or auto; chosen: fields by index as the user set them.
    """
    sheet, header, columns = max((_header(s) for s in found), key=lambda h: len(h[2]))
    if header < 0 or not NAMING & set(columns.values()):
        sheet, header, columns = _without_header(found[0])
    titles = tuple(sheet.lines[header].cells) if header >= 0 else tuple(f"Column {i + 1}" for i in range(len(columns)))
    columns = _without_repeats(titles, _by_content(sheet, header, titles, columns))
    if chosen:
        columns |= {int(i): name for i, name in chosen.items() if name in FIELDS and int(i) < len(titles)}
    product, told = _product(titles)
    guessed, sure = (told, True) if told else _kind(titles, columns)
    if kind in ("address_book", "booking"):
        guessed, sure = kind, True
    others = tuple(s.name for s in found if s is not sheet and NAMING & set(_header(s)[2].values()))
    return Layout(sheet, header, titles, columns, guessed, sure, product, others=others)


def _header(sheet: Sheet) -> tuple[Sheet, int, dict[int, str]]:
    """The row whose titles are known best, among the first thirty."""
    best, columns = -1, {}
    for number, line in enumerate(sheet.lines[:HEADER_WITHIN]):
        found = {i: f for i, f in ((i, field_of(t)) for i, t in enumerate(line.cells)) if f}
        if len(found) > len(columns):
            best, columns = number, found
    return sheet, best, columns


def _without_header(sheet: Sheet) -> tuple[Sheet, int, dict[int, str]]:
    """A table whose first row is data: an e-mail or telephone in most rows, and the first column of words as the name."""
    wide = max((len(line.cells) for line in sheet.lines), default=0)
    columns = {i: f for i in range(wide) if (f := _looks_like(column_values(sheet.lines, i)))}
    words = next((i for i in range(wide) if i not in columns and _is_words(column_values(sheet.lines, i))), None)
    if not columns or words is None:
        raise Unreadable(
            str(_("No column here says a name. The first row must hold titles such as First Name and E-mail."))
        )
    return sheet, -1, dict.fromkeys(range(wide), "") | columns | {words: "name"}


def _by_content(sheet: Sheet, header: int, titles: Sequence[str], columns: dict[int, str]) -> dict[int, str]:
    """Columns without a known title, by what stands in them."""
    lines = sheet.lines[header + 1 :]
    unknown = (i for i, title in enumerate(titles) if i not in columns and not _someone_elses(title))
    found = {i: (_titled if plain(titles[i]) == "title" else _looks_like)(column_values(lines, i)) for i in unknown}
    return columns | {i: f for i, f in found.items() if f}


def _without_repeats(titles: Sequence[str], columns: dict[int, str]) -> dict[int, str]:
    """Where a table has both "Home Street" and "Home Address", the latter repeats the former in one piece."""
    have = {plain(title) for title in titles}
    return {
        i: "skip" if field == "line1" and (t := plain(titles[i])).endswith(" address") and t[:-7] + "street" in have else field
        for i, field in columns.items()
    }  # fmt: skip


def _someone_elses(title: str) -> bool:
    return bool(re.search(r"doctor|referr|emergency|guardian|assistant|spouse|manager|label|type", plain(title)))


def column_values(lines: Sequence[Line], i: int) -> list[str]:
    """What stands in a column, in the first rows that have anything there."""
    return [line.cells[i].strip() for line in lines[:200] if i < len(line.cells) and line.cells[i].strip()]


def _looks_like(values: Sequence[str]) -> str:
    if not values:
        return ""
    if sum(bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", v)) for v in values) >= 0.7 * len(values):
        return "email"
    dialled = (
        re.fullmatch(r"'?\+?[\d\s().-]{7,22}(x\d+)?", v) and 10 <= sum(c.isdigit() for c in v) <= 13 for v in values
    )
    return "phone" if sum(map(bool, dialled)) >= 0.7 * len(values) else ""


def _titled(values: Sequence[str]) -> str:
    """What a column called "Title" holds: titles before the name, or what people work as."""
    before = {value.strip(". ").casefold() for value in values}
    return "" if not before else "prefix" if before <= set(synonyms()["before_a_name"]) else "title"


def _is_words(values: Sequence[str]) -> bool:
    return bool(values) and sum(bool(re.search(r"[^\W\d_]{2}", v)) for v in values) >= 0.8 * len(values)


def _product(titles: Sequence[str]) -> tuple[str, str]:
    """The known product this header is of, with its kind; "" where none fits, or products of both kinds fit alike."""
    have = {plain(t) for t in titles if t.strip()}
    scores = []
    for name, product in products()["products"].items():
        theirs = {plain(c) for c in product.get("columns", ())}
        numbered = [re.escape(plain(c)).replace(r"\{n\}", r"\d+") for c in product.get("numbered", ())]
        hits = {t for t in have if t in theirs or any(re.fullmatch(n, t) for n in numbered)}
        if theirs and (len(hits & theirs) >= 0.6 * len(theirs) or (len(have) >= 3 and len(hits) >= 0.9 * len(have))):
            scores.append((len(hits), name, product["kind"]))
    best = [s for s in scores if s[0] == max(scores)[0]]
    kinds = {kind for _n, _name, kind in best}
    return (best[0][1], best[0][2]) if len(kinds) == 1 else ("", "")


def _kind(titles: Sequence[str], columns: dict[int, str]) -> tuple[str, bool]:
    """booking or address_book, and whether that is beyond doubt; in doubt booking, so that health fields are dropped."""
    have = {plain(t) for t in titles}
    booking = bool(have & set(synonyms()["booking_signs"]) or BOOKING_FIELDS & set(columns.values()))
    book = bool(have & set(synonyms()["address_book_signs"]))
    if booking == book:
        return "booking", False
    return ("booking", True) if booking else ("address_book", True)
