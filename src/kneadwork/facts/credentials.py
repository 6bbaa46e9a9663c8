"""Credentials behind a name, and what they say of the profession; the words are data (recognition.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

_MIXED = ("PhD", "PsyD", "LAc")
_GENERATIONS = ("jr", "sr", "ii", "iii", "iv")


@lru_cache(maxsize=1)
def words() -> dict:
    """The shipped words: credentials, words of professions, credentials that are medical without saying which."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/recognition.yaml").read_text("utf-8"))


def among(texts: list[str]) -> set[str]:
    """The capitals in these texts, as credentials are written: "D.C., LMT" gives DC and LMT."""
    parts = (p for text in texts for p in _written(re.sub(r"\bDO NOT\b.*", "", text)))
    return {p.upper() for p in parts if _in_capitals(p)}


def within(text: str) -> set[str]:
    """Those in a title or role: where a part of it is nothing else ("MD/PhD"), or at its end ("Staff RN")."""
    found: set[str] = set()
    for part in text.split(","):
        said = _written(part)
        last = next((i for i in range(len(said), 0, -1) if not _in_capitals(said[i - 1])), 0)
        behind_words = {word.upper() for word in said[last:]}
        if behind_words <= _known() | set(words()["beside_credentials"]):
            found |= behind_words
    return found


def _written(text: str) -> list[str]:
    """The words of a text as credentials are written, without points: "D.C., LMT" gives DC and LMT."""
    parts = (re.sub(r"[^A-Za-z]", "", p) for p in re.split(r"[,;/\s]+", text.replace(".", "")))
    return [part for part in parts if part]


def _in_capitals(word: str) -> bool:
    return word.isupper() or word in _MIXED


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset({*words()["credentials"], *words()["medical_without_profession"]})


def behind(name: str) -> set[str]:
    """Those behind a person's name, after a comma or at its end: capitals behind two words of a name that is not all
    capitals."""
    front, *after = name.split(",")
    last = [] if front.isupper() else [w for w in front.split()[2:] if w.replace(".", "").isupper() or w in _MIXED]
    return among([*after, " ".join(last)])


def profession_of(found: set[str]) -> str:
    """The profession that one of these credentials names; "" where none does."""
    table = words()["credentials"]
    return next((table[c] for c in sorted(found) if c in table), "")


def are_medical(found: set[str]) -> bool:
    """Whether one of them belongs to a medical professional of any kind."""
    return bool(found & set(words()["medical_without_profession"])) or bool(profession_of(found))


@lru_cache(maxsize=50_000)
def bare(name: str) -> str:
    """A person's name as it is said: small letters, without title and credentials, for comparing.

    "Roe, Mark, MD" is "mark roe": only credentials are left out behind a comma, never a given name.
    """
    front, *after = (part.strip() for part in name.split(","))
    words = [w for w in front.replace(".", " ").split() if w.casefold() not in ("dr", "doctor")]
    while len(words) > 2 and words[-1].upper() in _known():
        words.pop()
    rest = " ".join(part for part in after if part and not _is_credential(part, front)).replace(".", " ").split()
    ends = [w for w in rest if w.casefold() in _GENERATIONS]
    return " ".join([*(w for w in rest if w not in ends), *words, *ends]).casefold()


def _is_credential(part: str, front: str) -> bool:
    """Whether what stands behind a comma is credentials: known ones, or capitals behind a name that is not all capitals."""
    said = [w for w in re.split(r"[;/\s]+", part.replace(".", "")) if w]
    if all(w.upper() in _known() for w in said):
        return True
    return len(front.split()) > 1 and not front.isupper() and len(among([part])) == len(said)
