"""What an answer to "referred by" names: a person, an office, or nobody ("web search", "my doctor"); the words are data."""

from __future__ import annotations

import re
from functools import lru_cache

from kneadwork.exchange.recognise import names_organisation
from kneadwork.facts.credentials import words

_TITLE = re.compile(r"(?i:dr|prof|mr|mrs|ms|mx|rev)(?:\.\s*|\s+)[A-ZÀ-Þ]")


def named_source(value: str) -> str:
    """The person or office that is named, without what stands before it; "" where nobody is."""
    said = value.strip()
    tokens = words_of(said)
    if not tokens or _list_of("anywhere").intersection(tokens) or _channel().match(said):
        return ""
    if _TITLE.match(said) and not said.isupper():
        return said
    if _list_of("words").issuperset(tokens) or _is_kin_of_somebody(said, tokens):
        return ""
    if led := _lead().match(said):
        return named_source(led[1])
    if (led := _kin().match(said)) and not names_organisation(said):
        return named_source(led[1]) if _is_called(led[1]) or _lead().match(led[1]) else ""
    return said if len(tokens) > 1 or not said.islower() else ""


def words_of(text: str) -> list[str]:
    """The words of an answer, in small letters and without apostrophes: "I don't know" has "dont"."""
    return [re.sub(r"['’]", "", word) for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.casefold())]


def _is_called(rest: str) -> bool:
    """Whether what stands behind "my friend" begins like a name, not like a story ("from church", "TOLD ME")."""
    first = next(iter(words_of(rest)), "")
    return rest[:1].isupper() and (first not in _list_of("words") or bool(_TITLE.match(rest)))


def _is_kin_of_somebody(said: str, tokens: list[str]) -> bool:
    """Whether it is "Ana's husband", who has no name here."""
    return bool(re.search(r"['’]s\b", said)) and tokens[-1] in words()["no_person_sources"]["kin"]


@lru_cache(maxsize=4)
def _list_of(name: str) -> frozenset[str]:
    return frozenset(words()["no_person_sources"][name])


def _any_of(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@lru_cache(maxsize=1)
def _channel() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?:{_any_of(words()['no_person_sources']['channels'])})(?![^\W\d_])")


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    """ "Friend: Anna", "My doctor, Dr. Roe", "referred by Anna": what is named behind it."""
    leads = words()["no_person_sources"]["leads"]
    told = _any_of([lead for lead in leads if " " in lead])
    return re.compile(
        rf"(?i)(?:(?:a |my |our )?(?:{_any_of(leads)})\s*[:\-–—(]\s*|my (?:{_any_of(leads)}),\s*|(?:{told})\s+)(.+?)\)?$"
    )


@lru_cache(maxsize=1)
def _kin() -> re.Pattern[str]:
    """ "Friend Anna Berg", "my chiropractor Dr. Roe": what stands behind it."""
    found = words()["no_person_sources"]
    return re.compile(rf"(?i)(?:(?:a |my |our )(?:{_any_of(found['leads'])})|(?:{_any_of(found['kin'])}))\s+(.+)$")
