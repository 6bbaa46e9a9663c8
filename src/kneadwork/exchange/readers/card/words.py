"""The words on business cards (facts/data/card_words.yaml, recognition.yaml), made ready for asking."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import yaml

from kneadwork.facts import credentials

_UNFOLDED = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe", "þ": "th"})  # fmt: skip


#: Legal forms, which stand behind a firm's name as credentials do behind a person's; and ends of a name itself.
_NO_CREDENTIALS = frozenset(
    {"inc", "llc", "pllc", "llp", "ltd", "corp", "co", "gmbh", "pc", "lp", "usa", "mri", "jr", "sr", "ii", "iii", "iv"}
)


@lru_cache(maxsize=1)
def words() -> dict:
    """The shipped words, by what they are."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/card_words.yaml").read_text("utf-8"))


def plain(text: str) -> str:
    """Small letters and digits of the alphabet alone, as an address on the web spells a name."""
    bare = unicodedata.normalize("NFD", text.translate(_UNFOLDED).lower())
    return "".join(c for c in bare if c.isascii() and c.isalnum())


def is_japanese(text: str) -> bool:
    """Whether kana or kanji stand in it."""
    return bool(re.search(r"[぀-ヿ㐀-鿿々]", text))


@lru_cache(maxsize=1)
def labels() -> dict[str, str]:
    """What each label says: mobile, fax, home, work, email, web or address, by the label in small letters."""
    found = {label: kind for kind, many in words()["telephone_labels"].items() for label in many}
    for kind in ("email", "web", "address"):
        found |= dict.fromkeys(words()[f"{kind}_labels"], kind)
    return found


def label_of(text: str) -> str:
    """The kind that a label names, written in any case, with points, brackets or a colon; "" where it is none."""
    bare = re.sub(r"[^\w/-]", "", text.casefold()).strip("-_")
    return labels().get(bare, "")


@lru_cache(maxsize=1)
def _firm_words() -> frozenset[str]:
    return (
        frozenset(credentials.words()["organisations"])
        | frozenset(words()["firms"])
        | frozenset(words()["legal_forms"])
    )


def firm_words_in(text: str) -> int:
    """How many words of a text are in the names of places and firms."""
    if is_japanese(text):
        return sum(mark in text for mark in words()["japanese_firms"])
    said = re.findall(r"[^\W\d_]+", text.casefold().replace(".", ""))
    pairs = {" ".join(two) for two in zip(said, said[1:], strict=False)}
    return sum(word in _firm_words() for word in said) + len(pairs & _firm_words())


def is_title(text: str) -> bool:
    """Whether a text says what somebody does: it ends or begins with such a word, or names a field of medicine."""
    if is_japanese(text):
        return any(text.endswith(word) for word in words()["japanese_titles"])
    said = text.casefold().strip(" .,").split("|")[0].strip()
    if said in words()["fields"]:
        return True
    parts = re.findall(r"[^\W\d_][\w/-]*", said)
    if not parts:
        return False
    titles = _titles()
    ends = {parts[-1], " ".join(parts[-2:]), parts[0]}
    return bool(ends & titles) or any(f" {word} of " in f" {said} " or f" {word}, " in f"{said} " for word in titles)


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    return frozenset(words()["titles"])


def split_credentials(text: str) -> tuple[str, str]:
    """What stands before a person's credentials, and these: "Ada Roe, MD, MPH" is ("Ada Roe", "MD, MPH")."""
    parts = [part for part in re.split(r"(?<=,)\s*|\s+", text.strip()) if part]
    first = len(parts)
    while first > 0 and _is_credential(parts[first - 1], behind=first >= 2 and parts[first - 2].endswith(",")):
        first -= 1
    return " ".join(parts[:first]).strip(" ,"), " ".join(parts[first:]).strip(" ,")


def split_leading_credentials(text: str) -> tuple[str, str]:
    """Credentials before a title, and this: "MD, MPH Family Medicine" is ("MD, MPH", "Family Medicine")."""
    parts = text.split()
    first = 0
    while first < len(parts) and _is_credential(parts[first], behind=first > 0 and parts[first - 1].endswith(",")):
        first += 1
    return " ".join(parts[:first]).strip(" ,"), " ".join(parts[first:])


def _is_credential(word: str, *, behind: bool) -> bool:
    """A known credential, or behind a comma what is written like one; "Do" and "Ma" are names."""
    bare = word.strip(",()").replace(".", "")
    if not re.fullmatch(r"[A-Za-z/®-]{2,8}", bare) or bare.casefold() in _NO_CREDENTIALS:
        return False
    written = bare.isupper() or "." in word.strip(",.") or re.search(r"[a-z][A-Z]", bare) is not None
    known = bare.upper() in known_credentials()
    return written and (known or (behind and bare.isupper() and len(bare) <= 5))


@lru_cache(maxsize=1)
def known_credentials() -> frozenset[str]:
    """The credentials of recognition.yaml, in capitals."""
    data = credentials.words()
    return frozenset({*data["credentials"], *data["medical_without_profession"], *data["beside_credentials"], "CPA", "ESQ", "JD", "EDD", "SEP", "CSCS", "ATC", "CRS", "GRI", "LLM"})  # fmt: skip
