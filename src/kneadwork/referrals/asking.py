"""Asks: requests for referrals, never before the conditions of the stream hold (PRODUCT.md, Before an ask)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection
from kneadwork.practice.models import Member
from kneadwork.referrals.models import Ask


class AskRefused(Exception):
    """An ask that cannot be recorded, in words for the user."""


class AskTooEarly(AskRefused):
    """The conditions of the stream do not hold yet; `missing` names what is lacking."""

    def __init__(self, missing: list) -> None:
        super().__init__(_("It is too early to ask: %(missing)s.") % {"missing": ", ".join(str(m) for m in missing)})
        self.missing = missing


def record(
    connection: Connection,
    channel: str,
    *,
    on: date,
    missing: list,
    words: str = "",
    by: Member | None = None,
) -> Ask:
    """Record that somebody was asked. `missing` is what `facts.missing_before_ask` found; anything there refuses."""
    if missing:
        raise AskTooEarly(missing)
    with acts.act("ask", connection.name, by=by):
        ask = Ask(connection=connection, on=on, channel=channel, words=words.strip())
        ask.save()
    return ask


def answer(ask: Ask, said: str, *, on: date, by: Member) -> Ask:
    """Record what they answered; a *no* ends the asking, not the friendship."""
    if said not in Ask.Answer.values:
        raise AskRefused(_("Choose yes, later or no."))
    with acts.act("ask answered", ask.connection.name, by=by):
        ask.answer, ask.answered_on = said, on
        ask.save()
    return ask
