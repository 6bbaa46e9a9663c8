"""How a letter greets: by credential, by first name among friends, one greeting for an office."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from kneadwork.network.models import Connection

DOCTORS = {
    "MD",
    "DO",
    "DC",
    "DDS",
    "DMD",
    "ND",
    "NMD",
    "PHD",
    "PSYD",
    "DPT",
    "OD",
    "DPM",
    "DACM",
    "DAOM",
    "EDD",
}


def is_doctor(connection: Connection) -> bool:
    """Whether the credentials or the prefix make them a doctor."""
    words = re.split(r"[,;/\s]+", f"{connection.credentials},{connection.suffix}".replace(".", "").upper())
    behind = [re.sub(r"\W", "", p).upper() for p in connection.name.split(",")[1:]]
    return bool(DOCTORS & {*words, *behind}) or connection.prefix.strip(". ").casefold() in ("dr", "doctor")


def salutation(people: Sequence[Connection]) -> str:
    """The greeting for one connection, or for all of one office: by name where that names everybody there."""
    first = people[0]
    if len(people) > 1:
        return _to_an_office(people)
    if first.kind == "organisation":
        words = _("Dear colleagues at %(name)s,") if first.stream == "medical" else _("Dear all at %(name)s,")
        return words % {"name": first.name}
    return _("Dear %(name)s,") % {"name": _called(first)}


def _called(person: Connection) -> str:
    """How one person is addressed."""
    if person.stream in ("personal", "clients"):
        return person.given or person.name
    if is_doctor(person) and person.family:
        return _("Dr. %(family)s") % {"family": person.family}
    return person.name.split(",")[0]


def _to_an_office(people: Sequence[Connection]) -> str:
    persons = [p for p in people if p.kind != "organisation"]
    doctors = [p for p in persons if is_doctor(p) and p.family and p.stream not in ("personal", "clients")]
    if len(people) == len(persons) == 2:
        first, second = sorted(persons, key=lambda p: p not in doctors)
        return _("Dear %(one)s and %(other)s,") % {"one": _called(first), "other": _called(second)}
    if doctors:
        return _("Dear %(names)s and colleagues,") % {"names": ", ".join(map(_called, doctors[:2]))}
    return _("Dear colleagues,") if all(p.stream == "medical" for p in people) else _("Dear all,")
