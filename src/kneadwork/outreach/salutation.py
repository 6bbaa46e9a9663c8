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
    """The greeting for one connection, or for all of one office."""
    first = people[0]
    if len(people) > 1:
        doctors = [_("Dr. %(family)s") % {"family": p.family} for p in people if is_doctor(p) and p.family][:2]
        return _("Dear %(names)s and colleagues,") % {"names": ", ".join(doctors)} if doctors else _("Dear colleagues,")
    if first.kind == "organisation":
        return _("Dear colleagues at %(name)s,") % {"name": first.name}
    if first.stream in ("personal", "clients"):
        return _("Dear %(name)s,") % {"name": first.given or first.name}
    if is_doctor(first) and first.family:
        return _("Dear Dr. %(family)s,") % {"family": first.family}
    return _("Dear %(name)s,") % {"name": first.name.split(",")[0]}
