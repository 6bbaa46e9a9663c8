"""Credentials behind a name, and what they say of the profession; the words are data (recognition.yaml)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

_MIXED = ("PhD", "PsyD", "LAc")


@lru_cache(maxsize=1)
def words() -> dict:
    """The shipped words: credentials, words of professions, credentials that are medical without saying which."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/recognition.yaml").read_text("utf-8"))


def among(texts: list[str]) -> set[str]:
    """The capitals in these texts, as credentials are written: "D.C., LMT" gives DC and LMT."""
    parts = (re.sub(r"[^A-Za-z]", "", p) for text in texts for p in re.split(r"[,;/\s]+", text.replace(".", "")))
    return {p.upper() for p in parts if p and p == p.upper() or p in _MIXED}


def behind(name: str) -> set[str]:
    """Those behind a person's name, after a comma or at its end: capitals behind two words of a name that is not all
    capitals."""
    front, *after = name.split(",")
    last = [] if front.isupper() else [w for w in front.split()[2:] if w.replace(".", "").isupper() or w in _MIXED]
    return among([*after, *last])


def profession_of(found: set[str]) -> str:
    """The profession that one of these credentials names; "" where none does."""
    table = words()["credentials"]
    return next((table[c] for c in sorted(found) if c in table), "")


def are_medical(found: set[str]) -> bool:
    """Whether one of them belongs to a medical professional of any kind."""
    return bool(found & set(words()["medical_without_profession"])) or bool(profession_of(found))


def bare(name: str) -> str:
    """A person's name as it is said: small letters, without title and credentials, for comparing."""
    known = {*words()["credentials"], *words()["medical_without_profession"]}
    front = [w for w in name.split(",")[0].replace(".", " ").split() if w.casefold() not in ("dr", "doctor")]
    while len(front) > 2 and front[-1].upper() in known:
        front.pop()
    return " ".join(front).casefold()
