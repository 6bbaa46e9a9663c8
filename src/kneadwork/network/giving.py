"""Gifts: what was given first, and promises, kept in view until kept."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection, Gift, Promise
from kneadwork.network.vetting import is_trusted
from kneadwork.practice.models import Member


class GiftRefused(Exception):
    """A gift or promise that cannot be recorded, in words for the user."""


def give(
    connection: Connection,
    form: str,
    *,
    on: date,
    words: str = "",
    by: Member | None = None,
    by_name: str = "",
) -> Gift:
    """Record something given. A referral out or an introduction needs a standing `yes` (PRODUCT.md rule 4)."""
    if form not in Gift.Form.values:
        raise GiftRefused(_("Choose what you gave."))
    if form in (Gift.Form.REFERRAL, Gift.Form.INTRODUCTION) and not is_trusted(connection):
        raise GiftRefused(
            _("Nobody is sent or introduced where you would not send your mother. Vet them first (rule 4).")
        )
    with acts.act("gift", connection.name, by=by, by_name=by_name):
        gift = Gift(connection=connection, form=form, words=words.strip(), on=on)
        gift.save()
    return gift


def promise(
    connection: Connection, words: str, *, due_on: date, by: Member | None = None, by_name: str = ""
) -> Promise:
    """Record what was promised, and by when."""
    if not words.strip():
        raise GiftRefused(_("Say what you promised."))
    with acts.act("promise", connection.name, by=by, by_name=by_name):
        made = Promise(connection=connection, words=words.strip()[:300], due_on=due_on)
        made.save()
    return made


def keep(promise_: Promise, *, on: date, by: Member) -> None:
    """Mark a promise as kept."""
    with acts.act("promise kept", promise_.connection.name, by=by):
        promise_.kept_on = on
        promise_.save()


def let_go(promise_: Promise, *, on: date, by: Member) -> None:
    """Let a promise go: it was not kept and will not be."""
    with acts.act("promise let go", promise_.connection.name, by=by):
        promise_.let_go_on = on
        promise_.save()
