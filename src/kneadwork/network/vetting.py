"""Vetting: whether the practice would send its own family there. The newest verdict stands, a red flag outweighs it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.network.models import Connection, RedFlag, Verdict
from kneadwork.practice.models import Member

REVIEW_AFTER = timedelta(days=365)


class VettingRefused(Exception):
    """A verdict that cannot stand, in words for the user."""


class OpenRedFlag(VettingRefused):
    """`yes` while a red flag is open."""


def decide(
    connection: Connection, answer: str, *, reason: str, on: date, by: Member | None = None, by_name: str = ""
) -> Verdict:
    """Record a verdict with its reason. Refuses `yes` while a red flag is open, and a verdict without a reason."""
    if answer not in Verdict.Answer.values:
        raise VettingRefused(_("Choose yes, not yet or no."))
    if not reason.strip():
        raise VettingRefused(_("Say why, in a few words: you will want to know in a year."))
    if answer == Verdict.Answer.YES and connection.redflags.filter(resolved_on=None).exists():
        raise OpenRedFlag(_("A red flag is open here. Resolve it with a reason first; until then the answer is no."))
    with acts.act("verdict", connection.name, by=by, by_name=by_name):
        verdict = Verdict(connection=connection, answer=answer, reason=reason.strip(), on=on, by=by)
        verdict.save()
    return verdict


def raise_flag(connection: Connection, words: str, *, on: date, by: Member) -> RedFlag:
    """Record a reason not to trust; while it is open the connection is not trusted."""
    if not words.strip():
        raise VettingRefused(_("Say what you saw."))
    with acts.act("red flag", connection.name, by=by):
        flag = RedFlag(connection=connection, words=words.strip(), on=on)
        flag.save()
    return flag


def resolve_flag(flag: RedFlag, reason: str, *, on: date, by: Member) -> None:
    """Resolve a red flag, with a reason."""
    if not reason.strip():
        raise VettingRefused(_("Say how it was resolved."))
    with acts.act("red flag", flag.connection.name, by=by):
        flag.resolved_on, flag.resolution = on, reason.strip()
        flag.save()


def newest(connection: Connection) -> Verdict | None:
    """The verdict that stands."""
    return connection.verdicts.order_by("-on", "-id").first()


def is_trusted(connection: Connection) -> bool:
    """A standing `yes` and no open red flag; an overdue review does not end it."""
    verdict = newest(connection)
    flagged = connection.redflags.filter(resolved_on=None).exists()
    return verdict is not None and verdict.answer == Verdict.Answer.YES and not flagged


def trusted() -> Q:
    """The scope that `is_trusted` asks of one."""
    last = Verdict.objects.filter(connection=OuterRef("pk")).order_by("-on", "-id").values("answer")[:1]
    flags = RedFlag.objects.filter(connection=OuterRef("pk"), resolved_on=None)
    return Q(Exists(Connection.objects.filter(pk=OuterRef("pk")).annotate(v=Subquery(last)).filter(v="yes"))) & ~Q(
        Exists(flags)
    )


def review_due(verdict: Verdict | None) -> date | None:
    """When a standing `yes` is due for its yearly review."""
    return verdict.on + REVIEW_AFTER if verdict and verdict.answer == Verdict.Answer.YES else None
