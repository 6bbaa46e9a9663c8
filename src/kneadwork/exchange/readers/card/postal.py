"""Postal addresses on a card: which lines belong to one, and its parts."""

from __future__ import annotations

import re
from functools import lru_cache

from kneadwork.exchange.neutral import Address
from kneadwork.exchange.readers.card.words import is_japanese, words

_STATE_ZIP = re.compile(r"\b([A-Z]{2})\.?,?\s*(\d{5}(?:-\d{4})?)\s*(?:,?\s*(?:USA?|U\.S\.A\.))?$")
_CITY = re.compile(
    r"^(?P<street>.*?)[,|]?\s*(?P<city>[^\W\d][^,\d|]*?),?\s+(?P<state>[A-Z]{2})\.?,?\s*(?P<zip>\d{5}(?:-\d{4})?)"
)
_ABROAD = re.compile(
    r"^(?:[A-Z]{1,2}-)?\d{4,5}\s+[^\W\d][\w' -]+$"  # 75011 Paris
    r"|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"  # Canada
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"  # United Kingdom
)
_JAPANESE_POSTAL = re.compile(r"^\W?(?:[〒テデT干千]\s?)?(\d{3}-\d{4})\s*(?=[぀-ヿ㐀-鿿])|^〒")
_PREFECTURE = re.compile(r"(東京都|北海道|京都府|大阪府|[一-龥]{2,3}県)")
_JAPANESE_PLACE = re.compile(r"[市区町村郡].*\d|\d+(?:丁目|番地?|号)|\d-\d+-\d+")
_BUILDING = re.compile(r"(?:ビル|マンション|タワー|ハイツ|\d+階|\d+F|号室)")


def is_address(text: str) -> bool:
    """Whether a line is one of a postal address by itself."""
    text = without_label(text)
    if is_japanese(text):
        return bool(_JAPANESE_POSTAL.search(text) or (_PREFECTURE.search(text) and _JAPANESE_PLACE.search(text)))
    return bool(_STATE_ZIP.search(text) or _ABROAD.search(text) or _is_street(text))


def address_lines(texts: list[str]) -> list[bool]:
    """Which of these lines belong to an address: those that are one, and a floor, suite or building beside them."""
    found = [is_address(text) for text in texts]
    for n, text in enumerate(texts):
        beside = any(found[m] for m in (n - 1, n + 1) if 0 <= m < len(texts))
        if not found[n] and beside and (_is_unit(text) or (is_japanese(text) and bool(_BUILDING.search(text)))):
            found[n] = True
    return found


def mended(text: str) -> str:
    """A line of an address without its label, marks at its edges, and with the space between a number and its street."""
    text = re.sub(r"^[テデT干千](?=\s?\d{3}-\d{4})", "〒", without_label(text))
    text = re.sub(r"(?<=^\d)(\d{0,5})(?=[A-Z][a-z])", r"\1 ", text)
    return re.sub(r"\s*\|\s*", ", ", text).strip(" ,;|")


def without_label(text: str) -> str:
    """Without a label before it ("A:", "Address", "住所") or a sign that was read as a letter."""
    many = "|".join(re.escape(label) for label in sorted(words()["address_labels"], key=len, reverse=True))
    return re.sub(rf"(?i)^(?:\W*(?:{many})(?:\s*[:.]\s*|\s+(?=\d)))|^[^\w〒(]+", "", text).strip()


def parts(text: str) -> Address:
    """An address in its parts, as far as they can be told; else the whole as its first line."""
    postal_code = re.search(r"(?:^|〒)\s*(\d{3}-\d{4})", text)
    if is_japanese(text):
        bare = re.sub(r"^〒?\s*\d{3}-\d{4}\s*", "", text)
        region = _PREFECTURE.match(bare)
        rest = bare[region.end() :] if region else bare
        return Address(line1=rest[:200], region=region[1] if region else "", postal=postal_code[1] if postal_code else "", country="JP", kind="work")  # fmt: skip
    *before, last = [piece.strip() for piece in text.split(",")]
    known = _CITY.match(text)
    if not known:
        return Address(line1=", ".join(before + [last])[:200], kind="work")
    streets = [piece.strip() for piece in known["street"].split(",") if piece.strip()]
    return Address(
        line1=(streets[0] if streets else "")[:200], line2=", ".join(streets[1:])[:200], city=known["city"].strip()[:100],
        region=known["state"], postal=known["zip"], kind="work",
    )  # fmt: skip


def _is_street(text: str) -> bool:
    """A number before or behind words of which one is a street, or a post-office box."""
    if re.search(r"(?i)\bp\.?\s?o\.?\s?box\s+\d", text):
        return True
    said = {word.rstrip(".") for word in re.findall(r"[^\W\d_]+\.?", text.casefold())}
    has_street = bool(said & _streets()) or any(
        re.search(rf"{ending}\b", text.casefold()) for ending in ("straße", "strasse", "gasse", "weg")
    )
    return has_street and bool(
        re.match(r"\W*\d{1,6}[A-Za-z]?(?:-\d+)?\s?[^\W\d]", text) or re.search(r"[^\W\d]\.?\s\d{1,4}[a-z]?$", text)
    )


def _is_unit(text: str) -> bool:
    said = text.casefold()
    return any(re.match(rf"{re.escape(word)}\b\.?", said) for word in words()["unit_words"])


@lru_cache(maxsize=1)
def _streets() -> frozenset[str]:
    return frozenset(words()["streets"])
