"""The lines of a card's sides become its fields. Pure: no picture, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kneadwork.exchange.readers.card import roles, values
from kneadwork.exchange.readers.card.text import Line
from kneadwork.exchange.readers.card.values import Field
from kneadwork.exchange.readers.card.words import is_japanese, plain


@dataclass(slots=True)
class Fields:
    """What a card says, each with its confidence and place; `rest` are the lines that were given no meaning."""

    name: Field | None = None
    credentials: Field | None = None
    organisation: Field | None = None
    title: Field | None = None
    phones: list[Field] = field(default_factory=list)
    emails: list[Field] = field(default_factory=list)
    urls: list[Field] = field(default_factory=list)
    address: Field | None = None
    other_name: str = ""
    rest: list[str] = field(default_factory=list)


def assigned(lines: list[Line], *, region: str = "US") -> Fields:
    """The fields of a card; `region` is where telephones without their country's number belong."""
    found = values.taken(lines, region=region)
    who = roles.told(found)
    made = Fields(
        who.name, who.credentials, who.organisation, who.title, _once(found.phones, _digits), _once(found.emails, str.casefold),
        _once(found.urls, _host), found.address, who.other_name, list(dict.fromkeys(line.text for line in who.rest)),
    )  # fmt: skip
    _without_glued_label(made)
    return made


def _once(fields: list[Field], same_by) -> list[Field]:
    """Each value once, the reading that is surest."""
    best: dict[str, Field] = {}
    for one in fields:
        key = same_by(one.value)
        if key not in best or one.confidence > best[key].confidence:
            best[key] = one
    return list(best.values())


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)[-10:]


def _host(url: str) -> str:
    return re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", url).rstrip("/").casefold()


def _without_glued_label(made: Fields) -> None:
    """“Ekim@…” is the label E and kim, where the person is not called so and the capital stands alone."""
    called = plain(made.name.value) if made.name and not is_japanese(made.name.value) else plain(made.other_name)
    for email in made.emails:
        if re.match(r"[EM](?=[a-z][a-z._\d-]+@)", email.value) and not called.startswith(
            plain(email.value.partition("@")[0])[:4]
        ):
            email.value, email.confidence = email.value[1:], email.confidence * values.MENDED
