"""Values from outside made comparable and harmless: telephones, names for comparison, clean text, natural case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_HIDDEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
_SMALL = {"of", "and", "the", "for", "at", "in", "de", "la", "von", "van", "der", "den", "del", "da"}
_CAPITAL = {
    "LLC", "PLLC", "PC", "PA", "PS", "LLP", "PT", "DPT", "MD", "DO", "DC", "ND", "DDS", "DMD", "LMT", "LAC", "RN", "NP",
    "II", "III", "IV", "USA", "NE", "NW", "SE", "SW", "PO", "PHD", "OD", "DPM", "LMHC", "LCSW", "PSC", "APC", "SC",
    "LP", "AFB", "APO", "FPO", "DPO", "FM", "JFK", "MLK", "VA", "YMCA", "YWCA", "MRI", "EMS", "ENT", "OBGYN", "CVS",
}  # fmt: skip
_NUMERALS = {"II", "III", "IV"}
_NO_INITIALS = {"ST", "DR", "MR", "MS", "MRS", "JR", "SR", "NG"}


@lru_cache(maxsize=50_000)
def e164(value: str, region: str = "US") -> str:
    """The telephone as +12065550101, without extension; "" where it is no possible number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(value[:60], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean(text: str, limit: int = 5000) -> str:
    """Text of outside without control, hidden, bidi-override characters and lone surrogates, at most `limit` long."""
    text = text.encode("utf-8", "ignore").decode("utf-8").translate(_HIDDEN)
    kept = (c for c in text[: limit * 2] if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()[:limit]


def clean_lines(text: str, limit: int = 500_000) -> str:
    """Text as it stood, line ends included, but without what a database cannot hold (noughts, lone surrogates)."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")[:limit]


def natural_case(text: str) -> str:
    """A name in capitals as people write it; text that is mixed already stays."""
    text = " ".join(text.split())
    if text != text.upper():
        return text
    apart = re.sub(r",(?=[A-Z])", ", ", text)
    made = " ".join(_word(w, first=i == 0) for i, w in enumerate(apart.split(" ")))
    return re.sub(r"^Us(?= )|\bUs(?= (?:Hwy|Highway|Rte|Rt|Route|\d))", "US", made)


def _word(word: str, *, first: bool) -> str:
    bare = re.sub(r"[^A-Z]", "", word)
    if bare in _CAPITAL and len(bare) > 1 and not re.match(r"\d+ND\b", word):
        return word
    if not first and word.lower() in _SMALL:
        return word.lower()
    return _capitalised(word)


def natural_name(text: str, *, given: bool = False) -> str:
    """A part of a person's name in capitals as people write it; "DO" and "PA" are names here, for credentials stand apart.

    given: initials that serve as a given name stay capitals ("CW", "TJ", "AJ").
    """
    text = " ".join(text.split())
    if text != text.upper():
        return text
    return " ".join(_name(w, first=i == 0, given=given) for i, w in enumerate(text.split(" ")))


def _name(word: str, *, first: bool, given: bool) -> str:
    if word in _NUMERALS or (
        given and re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{2,3}|[A-Z]J", word) and word not in _NO_INITIALS
    ):
        return word
    if not first and word.lower() in _SMALL:
        return word.lower()
    return _capitalised(word)


def _capitalised(word: str) -> str:
    made = re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word)
    made = re.sub(r"(?<=\w)'S\b", "'s", made)
    made = re.sub(r"(?<=\d)(?:St|Nd|Rd|Th)\b", lambda m: m[0].lower(), made)
    made = re.sub(r"(?<=\d)[A-Z](?:[a-z]+(?=\d)|[a-z]\b)", _in_capitals, made)  # rooms: 1TB03, 100LL
    return re.sub(r"\bMc([a-z])", lambda m: "Mc" + m[1].upper(), made)


def _in_capitals(found: re.Match[str]) -> str:
    return found[0].upper()


def is_npi(number: str) -> bool:
    """Whether the check digit is right (Luhn's formula over 80840 and the number; CMS, NPI check digit)."""
    if not re.fullmatch(r"[12]\d{9}", number):
        return False
    digits = [int(d) for d in "80840" + number]
    odd = digits[-1::-2]
    even = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(odd) + sum(even)) % 10 == 0
