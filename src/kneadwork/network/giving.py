"""Gifts: what was given first, and promises, kept in view until kept.

Who is sent, introduced or recommended has a standing `yes`; the owner may override that with a reason, which is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection, Gift, Introduction, Override, Promise
from kneadwork.network.overriding import override, still_holds
from kneadwork.network.vetting import is_trusted, refuse_untrusted
from kneadwork.practice.models import Member

#: What is given only where there is a standing `yes`, and which guard the owner overrides otherwise.
NEEDS_TRUST: dict[str, str] = {
    Gift.Form.REFERRAL: Override.What.REFERRAL,
    Gift.Form.INTRODUCTION: Override.What.INTRODUCTION,
    Gift.Form.RECOMMENDATION: Override.What.MENTION,
}


class GiftRefused(Exception):
    """A gift or promise that cannot be recorded, in words for the user."""


def give(
    connection: Connection, form: str, *, on: date, words: str = "", person: str = "", override_reason: str = "",
    overridden: Override | None = None, introduction: Introduction | None = None, by: Member | None = None, by_name: str = "",
) -> Gift:  # fmt: skip
    """Record something given; of somebody sent, `person` is who, where that is said.

    A referral out, an introduction and a recommendation need a standing `yes` (PRODUCT.md rule 4): NotTrusted without
    one, unless the owner overrides it with a reason, which is kept (or did so before: `overridden`, as long as it holds).
    """
    if form not in Gift.Form.values:
        raise GiftRefused(_("Choose what you gave."))
    if person.strip() and form != Gift.Form.REFERRAL:
        raise GiftRefused(_("A person's name belongs to somebody you sent. Leave it out here."))
    with acts.act("gift", connection.name, by=by, by_name=by_name):
        gift = Gift(
            connection=connection, form=form, words=words.strip(), on=on, person=person.strip()[:200],
            introduction=introduction,
        )  # fmt: skip
        if form in NEEDS_TRUST and not is_trusted(connection):
            before = overridden if overridden and still_holds(overridden) else None
            if before is None and not override_reason.strip():
                refuse_untrusted(connection)
            gift.override = before or override(connection, NEEDS_TRUST[form], override_reason, on=on, by=by)
        gift.save()
    return gift


def forms(referrals: bool) -> list[tuple[str, str]]:
    """What can be given; somebody sent is a referral, for members who may see those."""
    return [(key, label) for key, label in Gift.Form.choices if referrals or key != Gift.Form.REFERRAL]


def shown(gifts: Sequence[Gift], referrals: bool) -> list[Gift]:
    """These gifts, for members who may not see referrals without those who were sent."""
    return [gift for gift in gifts if referrals or gift.form != Gift.Form.REFERRAL]


def promise(
    connection: Connection, words: str, *, due_on: date, today: date | None = None, by: Member | None = None,
    by_name: str = "",
) -> Promise:  # fmt: skip
    """Record what was promised, and by when; with today given, a day that has passed is refused."""
    if not words.strip():
        raise GiftRefused(_("Say what you promised."))
    if today is not None and due_on < today:
        raise GiftRefused(_("That day has passed. By when will you do it?"))
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
