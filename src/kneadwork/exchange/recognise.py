"""The stream and profession of an imported contact, from credentials and words; the words are data."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

from kneadwork.exchange.neutral import Record
from kneadwork.facts.professions import all_professions


@lru_cache(maxsize=1)
def words() -> dict:
    """The shipped words."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/recognition.yaml").read_text("utf-8"))


def recognise(record: Record) -> None:
    """Fill `stream`, `profession` and `professions` where they are empty."""
    if not record.profession:
        record.profession = _by_credential(record) or _by_words(record)
    if record.profession and not record.professions:
        record.professions = [record.profession]
    if not record.stream:
        record.stream = _stream(record)


def _stream(record: Record) -> str:
    known = all_professions().get(record.profession)
    if known:
        return known.stream
    if _credentials(record) & set(words()["medical_without_profession"]):
        return "medical"
    return "clients" if record.client is not None else "personal"


def _credentials(record: Record) -> set[str]:
    """Credentials behind the name: capitals after a comma or at its end, in the suffix or the credential field."""
    found = [record.credentials, record.suffix, *record.name.split(",")[1:], *record.title.split(",")]
    found += _trailing(record)
    parts = (re.sub(r"[^A-Za-z]", "", p) for text in found for p in re.split(r"[,;/\s]+", text.replace(".", "")))
    return {p.upper() for p in parts if p and p == p.upper() or p in ("PhD", "PsyD", "LAc")}


def _trailing(record: Record) -> list[str]:
    """The last words of "Amara Lindqvist DC": capitals behind two words of a person's name that is not all capitals."""
    name = record.name.split(",")[0]
    if record.kind != "person" or name.isupper():
        return []
    return [word for word in name.split()[2:] if word.replace(".", "").isupper() or word in ("PhD", "PsyD", "LAc")]


def _by_credential(record: Record) -> str:
    table = words()["credentials"]
    return next((table[c] for c in sorted(_credentials(record)) if c in table), "")


def _by_words(record: Record) -> str:
    text = " ".join((record.title, record.organisation, record.department, " ".join(record.tags))).casefold()
    if record.kind == "organisation":
        text += " " + record.name.casefold()
    for key, phrases in words()["words"].items():
        if any(re.search(rf"\b{re.escape(p)}", text) for p in phrases):
            return key
    return ""
