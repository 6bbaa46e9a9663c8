"""Vetting: whether the practice would send its own family there. The newest verdict stands, a red flag outweighs it.

A `yes` needs the required checks of the stream's list (`checklists.py`), each seen to be so at least in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Attachment
from kneadwork.network import checklists
from kneadwork.network.checklists import Check
from kneadwork.network.models import Connection, FitAnswer, Override, RedFlag, Verdict
from kneadwork.network.overriding import override
from kneadwork.practice.models import Member

REVIEW_AFTER = timedelta(days=365)


class VettingRefused(Exception):
    """A verdict that cannot stand, in words for the user."""


class OpenRedFlag(VettingRefused):
    """`yes` while a red flag is open."""


class ChecksMissing(VettingRefused):
    """`yes` while a required check has no answer, or one that says no."""

    def __init__(self, missing: Sequence[Check]) -> None:
        questions = " ".join(check.question for check in missing)
        super().__init__(_("A yes needs these first: %(checks)s") % {"checks": questions})
        self.missing = tuple(missing)


class NotTrusted(VettingRefused):
    """Sending, introducing or recommending somebody without a standing `yes`."""

    def __init__(self, connection: Connection) -> None:
        words = _(
            "Nobody is sent, introduced or recommended where you would not send your mother: %(name)s has no standing yes. "
            "Vet them first (rule 4)."
        )
        super().__init__(words % {"name": connection.name})
        self.connection = connection


def decide(
    connection: Connection, answer: str, *, reason: str, on: date, checks: Mapping[str, str] | None = None,
    override_reason: str = "", by: Member | None = None, by_name: str = "",
) -> Verdict:  # fmt: skip
    """Record a verdict with its reason, and with it the answers to `checks` (check: yes, partly or no).

    Refuses a verdict without a reason, any but `no` while a red flag is open (OpenRedFlag) and `yes` while a required check is
    missing (ChecksMissing), this last unless the owner overrides it with a reason of their own, which is kept.
    """
    if answer not in Verdict.Answer.values:
        raise VettingRefused(_("Choose yes, not yet or no."))
    if not reason.strip():
        raise VettingRefused(_("Say why, in a few words: you will want to know in a year."))
    if answer != Verdict.Answer.NO and connection.redflags.filter(resolved_on=None).exists():
        raise OpenRedFlag(_("A red flag is open here. Resolve it with a reason first; until then the answer is no."))
    missing = missing_checks(connection, given=checks) if answer == Verdict.Answer.YES else []
    if missing and not override_reason.strip():
        raise ChecksMissing(missing)
    with acts.act("verdict", connection.name, by=by, by_name=by_name):
        for key, said in (checks or {}).items():
            check(connection, key, said, on=on, by=by, by_name=by_name)
        verdict = Verdict(connection=connection, answer=answer, reason=reason.strip(), on=on, by=by)
        if missing:
            verdict.override = override(connection, Override.What.VERDICT, override_reason, on=on, by=by)
        verdict.save()
    return verdict


def check(
    connection: Connection, key: str, answer: str, *, on: date, words: str = "", link: str = "",
    photo: Attachment | None = None, by: Member | None = None, by_name: str = "",
) -> FitAnswer:  # fmt: skip
    """Answer one check of the connection's list, with what shows it. The newest answer stands, earlier ones are kept."""
    asked = {one.key: one.question for one in checklists.checks(connection.stream)}
    if key not in asked:
        raise VettingRefused(_("There is no such check on this list."))
    if answer not in FitAnswer.Answer.values:
        raise VettingRefused(_("Answer yes, partly or no."))
    if link.strip() and not link.strip().startswith(("https://", "http://")):
        raise VettingRefused(_("A link begins with https:// or http://."))
    if len(link.strip()) > 400:
        raise VettingRefused(_("This link is too long. Four hundred characters are the most."))
    with acts.act("check", connection.name, by=by, by_name=by_name):
        given = FitAnswer(
            connection=connection, question=key, asked=asked[key], answer=answer, on=on, words=words.strip(),
            link=link.strip(), photo=photo, by=by,
        )  # fmt: skip
        given.save()
    return given


def answers(connection: Connection) -> dict[str, list[FitAnswer]]:
    """What was answered to each check, the newest first: one query."""
    found: dict[str, list[FitAnswer]] = {}
    for given in connection.fitanswers.select_related("by", "photo").order_by("-on", "-pk"):
        found.setdefault(given.question, []).append(given)
    return found


def missing_checks(
    connection: Connection, known: Mapping[str, list[FitAnswer]] | None = None, *, given: Mapping[str, str] | None = None
) -> list[Check]:  # fmt: skip
    """The required checks without an answer, or whose newest answer is no; `given` are answers about to be kept."""
    known = answers(connection) if known is None else known
    said = {key: rows[0].answer for key, rows in known.items()} | dict(given or {})
    return [one for one in checklists.required(connection.stream) if said.get(one.key) not in ("yes", "partly")]


def flagged(among: Iterable[Connection]) -> set[int]:
    """Those of them, by id, about whom a red flag is open: one query."""
    ids = [one.pk for one in among]
    return set(RedFlag.objects.filter(connection__in=ids, resolved_on=None).values_list("connection_id", flat=True))


def refuse_untrusted(connection: Connection) -> None:
    """NotTrusted where there is no standing `yes`: the one guard of sending, introducing and recommending."""
    if not is_trusted(connection):
        raise NotTrusted(connection)


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


def review_due(verdict: Verdict | None) -> date | None:
    """When a standing `yes` is due for its yearly review."""
    return verdict.on + REVIEW_AFTER if verdict and verdict.answer == Verdict.Answer.YES else None
