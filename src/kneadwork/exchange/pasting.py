"""A pasted list, one person or place on each line, as people keep it in a notebook or a mail program.

"1. Maria Lopez, LCSW, maria@lopez.example, 607-555-0101" is a name with its credentials, an e-mail and a telephone;
"- Ken (barber)" is Ken, and what he does. What is neither stays as a note. Pure: text in, records out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kneadwork.exchange.neutral import Email, Phone, Record
from kneadwork.exchange.normal import clean, e164
from kneadwork.exchange.recognise import names_organisation, profession_said, recognise
from kneadwork.facts import credentials
from kneadwork.network.connections import ConnectionRefused, refuse_unusable

MOST_LINES = 500
_BULLET = re.compile(r"^(?:[-–—*+•·▪◦‣>]+|\(?\d{1,3}[.)]|\[[ xX✓]?\]|[☐☑✓])(?=\s|[^\W\d])\s*")
_EMAIL = re.compile(r"(?:mailto:)?([^\s,;:<>()\[\]\"']+@[^\s,;:<>()\[\]\"']+\.[^\W\d_]{2,})")
_SHORT_NUMBER = re.compile(r"(?<![\w-])\d{3}[-. ]\d{4}(?![\w-])")
_LABEL = re.compile(r"(?i)\b(?:tel(?:ephone)?|phone|cell|mobile|office|home|work|fax|e-?mail|ph|mob)\b\.?\s*:?\s*$")
_LAST_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
#: "Ken barber": a name, then in small letters what they do.
_TRADE_BEHIND = re.compile(r"^([A-Z].*?)\s+([a-z]+(?:\s[a-z]+)*)$")
_EDGES = ' "<>[]{}*_:-–—“”'
_APART = re.compile(r"\s*[,;|\t]\s*|\s+[-–—:]+\s+|\s*:\s+|\s{3,}")


@dataclass(slots=True)
class Pasted:
    """One line as it was pasted, and what was read from it; a record without a name names nobody."""

    line: str
    record: Record


def lines_of(text: str) -> list[str]:
    """The lines that say something; a mail program's list of receivers is one line for each."""
    apart = (part for line in text.splitlines() for part in re.split(r"(?<=>)\s*[,;]\s*", line))
    return [line for line in (clean(part, 1000) for part in apart) if re.search(r"\w", line)]


def read(text: str) -> list[Pasted]:
    """Every line of a pasted list, read."""
    return [Pasted(line, _record(line, number)) for number, line in enumerate(lines_of(text), 1)]


def _record(line: str, number: int) -> Record:
    record = Record(where=str(number))
    rest = line
    while _BULLET.match(rest):
        rest = _BULLET.sub("", rest, count=1).strip()
    rest = _take_telephones(_take_emails(rest, record), record).strip(" ,;")
    brackets = _LAST_BRACKETS.search(rest)
    if brackets and brackets.start() > 0:
        rest = f"{rest[: brackets.start()]}, {brackets[1]}"
    name, *further = [part for part in map(_bare, _APART.split(rest)) if _says_something(part)] or [""]
    if further and _is_first_name(name, further[0]):
        comma = re.search(rf"{re.escape(name)}\W*,", rest)
        name = f"{further.pop(0)} {name}" if comma else f"{name} {further.pop(0)}"
    trade = _TRADE_BEHIND.match(name)
    if trade and profession_said(trade[2]):
        name, further = trade[1], [trade[2], *further]
    record.name = name if re.search(r"[^\W\d_]", name) else _name_of(record.emails)
    record.kind = "organisation" if names_organisation(record.name) else "person"
    for part in further:
        _sort(record, part)
    recognise(record)
    return record


def _says_something(part: str) -> bool:
    return bool(re.search(r"\w", part)) and part.casefold() not in ("or", "and")


def _bare(part: str) -> str:
    """A part without the word that said what followed it, quotation marks and loose signs."""
    return _LABEL.sub("", part.strip(_EDGES)).strip(_EDGES)


def _take_emails(text: str, record: Record) -> str:
    def take(found: re.Match[str]) -> str:
        value = found[1].rstrip(".")
        try:
            refuse_unusable("email", value)
        except ConnectionRefused:
            return found[0]
        record.emails.append(Email(value))
        return " , "

    return _EMAIL.sub(take, text)


def _take_telephones(text: str, record: Record) -> str:
    from phonenumbers import Leniency, PhoneNumberMatcher

    matches = list(PhoneNumberMatcher(text, "US", leniency=Leniency.POSSIBLE))
    record.phones = [Phone(m.raw_string, e164=e164(m.raw_string)) for m in matches]
    for match in reversed(matches):
        text = f"{text[: match.start]} , {text[match.end :]}"
    if not matches:
        record.phones = [Phone(m[0], e164=e164(m[0])) for m in _SHORT_NUMBER.finditer(text)]
        text = _SHORT_NUMBER.sub(" , ", text)
    return text


def _name_of(emails: list[Email]) -> str:
    """Whom an e-mail seems to name, where the line says nothing else: maria.lopez@… is Maria Lopez."""
    words = re.split(r"[._+-]+", emails[0].value.partition("@")[0]) if emails else []
    return " ".join(word.capitalize() for word in words if word and not word.isdigit())


def _is_first_name(family: str, given: str) -> bool:
    """Whether two parts are "Lopez, Maria": one word, then one or two that begin like names and say nothing else."""
    words = given.split()
    named = all(re.match(r"[^\W\d_]", w) and w[0].isupper() for w in words) and len(words) <= 2
    return " " not in family and named and not _are_credentials(given) and not profession_said(given)


def _sort(record: Record, part: str) -> None:
    """Put what stands behind a name where it belongs."""
    if record.kind == "person" and _are_credentials(part):
        record.name = f"{record.name}, {part}"
    elif record.kind == "person" and not record.organisation and _is_workplace(part):
        record.organisation = part
    elif profession_said(part) and not record.title:
        record.title = part
    else:
        record.note = ", ".join(filter(None, (record.note, part)))


def _are_credentials(part: str) -> bool:
    known = {*credentials.words()["credentials"], *credentials.words()["medical_without_profession"], "PHD", "MPH"}
    words = re.split(r"[\s/]+", part.replace(".", ""))
    return all(re.sub(r"[^A-Z]", "", word.upper()) in known for word in words)


def _is_workplace(part: str) -> bool:
    named = part[:1].isupper() and len(part.split()) > 1
    return named and (names_organisation(part) or bool(profession_said(part)))
