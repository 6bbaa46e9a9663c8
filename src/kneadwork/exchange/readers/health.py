"""Which columns of a table may say something about somebody's health, and so are left out unless they are asked for.

In a booking file, and in one of which it is in doubt, these are notes, birth dates and everything a title of health could
stand over; in an address book, where the therapist's own words stay, only what is plainly of health. The words are data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from kneadwork.exchange.readers.columns import MENDED, Layout, column_values, plain, products, synonyms

#: So many words, of which so many begin with a small letter, are prose: an address or a company's name has fewer.
PROSE_WORDS, SMALL_WORDS = 5, 3


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The columns of a table that are not read, and whether a title that stands in a cell is left out too."""

    columns: frozenset[int]
    title: Callable[[str], bool]


def left_out(table: Layout, keep_health: bool) -> LeftOut:
    """What is not read of a table; nothing where health fields were asked for."""
    if keep_health:
        return LeftOut(frozenset(), lambda title: False)
    if table.kind != "booking":
        return LeftOut(frozenset(i for i, t in enumerate(table.titles) if plainly_of_health(t)), plainly_of_health)
    columns = (i for i, title in enumerate(table.titles) if _in_booking(table, i, title))
    return LeftOut(frozenset(columns), may_say_health)


def in_words(table: Layout, out: LeftOut) -> str:
    """What the user is told of the columns left out; "" where there are none with anything in them."""
    titles = [
        table.titles[i] or _("column %(n)d") % {"n": i + 1}
        for i in sorted(out.columns)
        if column_values(table.lines, i)
    ]
    if not titles:
        return ""
    said = ", ".join(title[:60] for title in titles)
    return _(
        "Left out, for they can say something about health: %(titles)s. To take them over too, tick “Take over notes, "
        "birth dates and health fields too” where the page shows how the columns are read."
    ) % {"titles": said}  # fmt: skip


def plainly_of_health(title: str) -> bool:
    """Whether a title is of health whoever wrote it: "Allergies", but not "Medical Group"."""
    return _says(title, "plain") and not _says(title, "of_work")


def may_say_health(title: str) -> bool:
    """Whether what stands under this title in a booking file can say something about health."""
    return plain(title) in _collected() or _says(title, "plain") or _says(title, "booking")


def _in_booking(table: Layout, i: int, title: str) -> bool:
    field = table.columns.get(i, "")
    if title == MENDED:
        return False
    return field == "note" or may_say_health(title) or not field and _is_prose(column_values(table.lines, i))


def _is_prose(values: list[str]) -> bool:
    """Whether most of these are sentences rather than names, numbers, places or choices."""
    said = [value.split() for value in values]
    return sum(len(w) >= PROSE_WORDS and sum(x[0].islower() for x in w) >= SMALL_WORDS for w in said) * 2 > len(said)


def _says(title: str, which: str) -> bool:
    words = plain(title)
    joined = re.sub(r"[\W_]+", "", title.casefold())
    return any(map(_pattern(which).search, {words, words.replace(".", ""), joined}))


@lru_cache(maxsize=1)
def _collected() -> frozenset[str]:
    return frozenset(plain(title) for title in products()["health_fields_dropped_unless_asked"])


@lru_cache(maxsize=4)
def _pattern(which: str) -> re.Pattern[str]:
    """Whole words, also with an s or a number behind them; with a star before or behind it the beginning or end is open."""
    return re.compile("|".join(map(_one, synonyms()["health_titles"][which])))


def _one(phrase: str) -> str:
    begin = "" if phrase.startswith("*") else r"(?<![^\W\d_])"
    end = "" if phrase.endswith("*") else r"(?:e?s)?(?![^\W\d_])"
    return begin + re.escape(phrase.strip("*")) + end
