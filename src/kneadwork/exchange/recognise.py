"""The stream and profession of an imported contact, from credentials and words; the words are data."""

from __future__ import annotations

import re

from kneadwork.exchange.neutral import Record
from kneadwork.facts import credentials
from kneadwork.facts.professions import stream_of


def recognise(record: Record) -> None:
    """Fill `stream`, `profession` and `professions` where they are empty."""
    if not record.profession:
        record.profession = credentials.profession_of(_credentials(record)) or _by_words(record)
    if record.profession and not record.professions:
        record.professions = [record.profession]
    if not record.stream:
        record.stream = _stream(record)


def names_organisation(name: str) -> bool:
    """Whether a name is that of a place or firm: it says so with a word that no person is called by."""
    words = set(re.findall(r"[^\W\d_]+", name.casefold()))
    said = words & set(credentials.words()["organisations"])
    return bool(said) and not credentials.profession_of(credentials.behind(name))


def _stream(record: Record) -> str:
    known = stream_of(record.profession)
    if known:
        return known
    if credentials.are_medical(_credentials(record)):
        return "medical"
    return "clients" if record.client is not None else "personal"


def _credentials(record: Record) -> set[str]:
    """Credentials of a record: behind the name, in the suffix, the title or their own field."""
    named = (
        credentials.behind(record.name) if record.kind == "person" else credentials.among(record.name.split(",")[1:])
    )
    told = [credentials.within(text) for text in (record.title, *record.work)]
    return named.union(credentials.among([record.credentials, record.suffix]), *told)


def _by_words(record: Record) -> str:
    # Not the tags: they say how somebody is filed ("massage clients", "gym"), not what they do.
    text = " ".join((record.title, record.organisation, record.department, *record.work))
    return profession_said(f"{text} {record.name}" if record.kind == "organisation" else text)


def profession_said(words: str) -> str:
    """The profession that a text names, or ""."""
    text = words.casefold()
    for key, phrases in credentials.words()["words"].items():
        if any(re.search(_pattern(phrase), text) for phrase in phrases):
            return key
    return ""


def _pattern(phrase: str) -> str:
    """Whole words, also with an s behind them; with a star the beginning of a word."""
    return rf"\b{re.escape(phrase[:-1])}" if phrase.endswith("*") else rf"\b{re.escape(phrase)}s?\b"
