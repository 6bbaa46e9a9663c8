"""What on a card can be told by its form: telephones, e-mails, addresses on the web and postal ones; the other lines stay.

Pure: lines in, fields and the lines that are left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from kneadwork.common.reaches import email_address
from kneadwork.exchange.normal import clean
from kneadwork.exchange.readers.card import postal
from kneadwork.exchange.readers.card.picture import Box
from kneadwork.exchange.readers.card.text import Line
from kneadwork.exchange.readers.card.words import is_japanese, label_of, plain, words

MOST_PHONES, MOST_EMAILS, MOST_URLS = 8, 5, 4
#: How far a value is trusted that had to be mended, or that stands without the label that would say what it is.
MENDED, UNLABELLED = 0.7, 0.97
_LOCAL, _DOMAIN = r"[\w%+'-]+(?:\.[\w%+'-]+)*", r"[\w-]+(?:\s?\.\s?[\w-]+)+"
_EMAIL = re.compile(rf"({_LOCAL})\s?@\s?({_DOMAIN})")
_WEB = re.compile(r"(?i)(?:https?[:;]?\s?/{1,2}\s?(?:www\.)?|www\s?[.,]\s?)[\w-]+(?:\s?\.\s?[\w-]+)+(?:/[^\s|•]*)?")
_BARE_WEB = re.compile(r"(?<![\w@.])(?:[a-z0-9][a-z0-9-]{2,}\.)(?:[a-z0-9-]+\.)*[a-z]{2,18}(?:/[^\s|•]*)?(?![\w@])")
_NO_PHONE = re.compile(r"(?i)\b(?:npi|lic(?:en[cs]e)?|tax\s?id|ein|vat|ust|reg|no|nr|id)\b[\s.:#°]*$|#\s*$")
_NUMBER = re.compile(r"\d{3}")
_LABELLED = {"email": re.compile("@"), "web": re.compile(r"\.\w"), "address": re.compile(r"\d")}
_EDGES = " \t|•·●/,;:-–—_*=~<>«»©®°○◯□■◆▲►▶→☎✆✉⌂℡📞📧🌐"


@dataclass(slots=True)
class Field:
    """One value of a card: how sure it is (0 to 1), where it stands (None: in a code), and of which kind a telephone is."""

    value: str
    confidence: float
    box: Box | None = None
    kind: str = ""


@dataclass(slots=True)
class Values:
    """What was told by its form, and the lines that are left."""

    phones: list[Field] = field(default_factory=list)
    emails: list[Field] = field(default_factory=list)
    urls: list[Field] = field(default_factory=list)
    address: Field | None = None
    rest: list[Line] = field(default_factory=list)


def taken(lines: list[Line], *, region: str = "US") -> Values:
    """The values in these lines; `region` is where a telephone without its country's number belongs."""
    found, left = Values(), []
    lines = [replace(line, text=_normal(line.text)) for line in lines]
    region = "JP" if any(is_japanese(line.text) for line in lines) else region
    for line in _with_their_labels(lines):
        text = _take_emails(found, line, line.text)
        text = _take_web(found, line, text)
        if postal.is_address(text):
            left.append(replace(line, text=text))
            continue
        text = _take_phones(found, line, text, region)
        text = _without_labels(text, line.text)
        if text:
            left.append(replace(line, text=text))
    found.address, found.rest = _taken_address(left)
    _mend_emails(found)
    return found


def _normal(text: str) -> str:
    """Full-width letters and numbers as usual ones, nothing hidden."""
    return " ".join(clean(unicodedata.normalize("NFKC", text), 400).split())


def _with_their_labels(lines: list[Line]) -> list[Line]:
    """A label that stands apart ("T" in a column of its own) joined to what stands on its right."""
    labels = [line for line in lines if label_of(line.text) and re.fullmatch(r"[\w./-]{1,10}:?", line.text)]
    joined: dict[int, Line] = {}
    used: set[int] = set()
    for label in labels:
        its = _LABELLED.get(label_of(label.text), _NUMBER)
        right = [line for line in lines if line is not label and _is_right_of(line, label) and its.search(line.text)]
        if right:
            nearest = min(right, key=lambda line: line.box.left)
            joined[id(nearest)] = replace(nearest, text=f"{label.text.rstrip(':')}: {nearest.text}")
            used.add(id(label))
    return [joined.get(id(line), line) for line in lines if id(line) not in used]


def _is_right_of(line: Line, label: Line) -> bool:
    middle = label.box.top + label.box.height / 2
    inside = line.box.top < middle < line.box.top + line.box.height
    return line.box.side == label.box.side and inside and line.box.left > label.box.left


def _take_emails(found: Values, line: Line, text: str) -> str:
    text = re.sub(r"\s?[©@]\s?|\s?[(\[]at[)\]]\s?", "@", text) if re.search(r"[©@]|[(\[]at[)\]]", text) else text
    for match in _EMAIL.finditer(text):
        local, domain = _ascii(match[1]), _ascii(re.sub(r"\s", "", match[2]))
        local = re.sub(r"^(?:[Ee]-?mail|E-?MAIL|Mail|MAIL)(?=[a-z\d])", "", local)
        address = email_address(f"{local}@{domain.lower()}")
        if address and len(found.emails) < MOST_EMAILS:
            whole = "@".join(part.strip() for part in match[0].split("@")) == address
            found.emails.append(Field(_lower(address), line.score * (1 if whole else MENDED), line.box))
            text = text.replace(match[0], " | ")
    return text


def _ascii(text: str) -> str:
    """Without accents: addresses have none, readings of blurred ones do."""
    bare = unicodedata.normalize("NFD", text)
    return "".join(c for c in bare if not unicodedata.combining(c))


def _lower(text: str) -> str:
    return text.lower() if text.isupper() or text.partition("@")[0].isupper() else text


def _take_web(found: Values, line: Line, text: str) -> str:
    for match in [*_WEB.finditer(text), *_BARE_WEB.finditer(text)]:
        value = re.sub(r"\s", "", match[0]).rstrip(".,;")
        if match[0] not in text or len(found.urls) >= MOST_URLS:
            continue
        value = re.sub(r"(?i)^(https?)[:;]?/{1,2}", lambda m: f"{m[1].lower()}://", value)
        value = re.sub(r"(?i)^www[.,]", "www.", value)
        found.urls.append(Field(value.lower() if value.isupper() else value, line.score, line.box))
        text = text.replace(match[0], " | ")
    return text


def _take_phones(found: Values, line: Line, text: str, region: str) -> str:
    import phonenumbers

    text = _mended_digits(text)
    end, rest = 0, []
    for match in phonenumbers.PhoneNumberMatcher(text[:200], region, leniency=phonenumbers.Leniency.POSSIBLE):
        before, after = text[end : match.start], re.split(r"[|•\d+]", text[match.end :], maxsplit=1)[0]
        kind = _kind_before(before) or _kind_behind(after)
        digits = sum(c.isdigit() for c in match.raw_string)
        if digits < (10 if region in ("US", "CA", "JP") else 8) and not (digits >= 7 and kind):
            continue
        rest.append(before)
        end = match.end
        if kind in ("email", "web", "address") or _NO_PHONE.search(before) or len(found.phones) >= MOST_PHONES:
            continue
        number = match.raw_string.strip()
        said = kind or _kind_by_number(number, region)
        found.phones.append(Field(number, line.score * (1 if kind else UNLABELLED), line.box, said or "work"))
    return " | ".join([*rest, text[end:]])


def _mended_digits(text: str) -> str:
    """Letters read for digits within a number, and spaces within its points."""
    if sum(c.isdigit() for c in text) < 6:
        return text
    text = re.sub(r"(?<=\d)\s?([.-])\s?(?=\d)", r"\1", text)
    text = re.sub(r"(?<=[\d.-])[OoQD](?=[\d.-])", "0", text)
    return re.sub(r"(?<=[\d.-])[lI|](?=[\d.-])", "1", text)


def _kind_before(text: str) -> str:
    said = re.split(r"[|•]", text)[-1].strip(_EDGES + ".")
    tokens = said.split()
    return (
        label_of(said)
        or (label_of(tokens[-1]) if tokens else "")
        or next((k for t in tokens if len(t) > 1 and (k := label_of(t))), "")
    )


def _kind_behind(text: str) -> str:
    said = text.strip(_EDGES + ".()")
    return label_of(said) if len(said) > 1 or "(" in text else ""


def _kind_by_number(number: str, region: str) -> str:
    bare = re.sub(r"^\+81\D*", "0", number)
    return "mobile" if bare.startswith(tuple(words()["mobile_prefixes"].get(region, ("none",)))) else ""


def _without_labels(text: str, whole: str) -> str:
    """What is left of a line whose values were taken; "" where these are labels and marks only."""
    if "|" not in text and text.strip(_EDGES) == whole.strip(_EDGES):
        return text.strip(_EDGES)
    pieces = (piece.strip(_EDGES + "()") for piece in re.split(r"[|•]", text))
    kept = [piece for piece in pieces if len(piece) > 1 and not _is_label(piece)]
    return " | ".join(kept)


def _is_label(piece: str) -> bool:
    return bool(label_of(piece)) or all(label_of(token) or len(token) < 2 for token in piece.split())


def _taken_address(lines: list[Line]) -> tuple[Field | None, list[Line]]:
    """The postal address, of all lines that belong to it, and the others."""
    belongs = postal.address_lines([line.text for line in lines])
    its = [line for line, does in zip(lines, belongs, strict=True) if does]
    if not its:
        return None, lines
    text = ", ".join(dict.fromkeys(postal.mended(line.text) for line in its))
    score = min(line.score for line in its)
    return Field(text[:300], score, around([line.box for line in its])), [
        one for one in lines if not any(one is i for i in its)
    ]


def around(boxes: list[Box]) -> Box:
    """The smallest box around those on the side of the first."""
    same = [box for box in boxes if box.side == boxes[0].side]
    left, top = min(box.left for box in same), min(box.top for box in same)
    right, bottom = max(box.left + box.width for box in same), max(box.top + box.height for box in same)
    return Box(boxes[0].side, left, top, right - left, bottom - top)


def _mend_emails(found: Values) -> None:
    """An address whose @ was misread, by the domain that the web address gives; two readings of one domain made one."""
    hosts = {re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", url.value).split("/")[0].lower() for url in found.urls}
    if not found.emails:
        for line in list(found.rest):
            match = next(
                (
                    m
                    for host in hosts
                    if (m := re.fullmatch(rf"(\S{{2,40}})[QaO0&®]{re.escape(host)}", line.text.split()[-1]))
                ),
                None,
            )
            if match:
                domain = line.text.split()[-1][len(match[1]) + 1 :]
                found.emails.append(Field(f"{_ascii(match[1])}@{domain}", line.score * 0.5, line.box))
                found.rest.remove(line)
    for email in found.emails:
        domain = email.value.partition("@")[2]
        if (
            hosts
            and domain not in hosts
            and any(plain(host) == plain(domain) or _one_apart(host, domain) for host in hosts)
        ):
            email.confidence *= MENDED


def _one_apart(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other, score_cutoff=1) <= 1
