"""Small builders of what tests need, through the public verbs."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from kneadwork.network import checklists, connections, giving, insights, touching, vetting
from kneadwork.network.models import Connection
from kneadwork.practice import people
from kneadwork.practice.models import Member, Role, User

TODAY = date(2026, 11, 23)
_numbers = iter(range(1, 10_000_000))


def an_owner(name: str = "", **details) -> Member:
    """The owner of a new practice in Seattle."""
    number = next(_numbers)
    details = {"region": "WA", "postal": "98101", "city": "Seattle", "latitude": 47.61, "longitude": -122.33,
               "time_zone": "America/Los_Angeles"} | details  # fmt: skip
    return people.found(
        name or f"Practice {number}",
        owner_email=f"owner{number}@practice.example",
        owner_name="Robin Hale",
        **details,
    )


def a_member(owner: Member, role: str = Role.THERAPIST) -> Member:
    """Another member of the owner's practice (call within its scope)."""
    user = User.objects.create_user(f"member{next(_numbers)}@practice.example", "long enough words")
    from kneadwork.common import acts

    with acts.act("join", by_name="test"):
        member = Member(user=user, role=role, name=f"A {role}", joined_at=timezone.now())
        member.save()
    return member


def a_connection(
    name: str = "", *, stream: str = "medical", profession: str = "chiropractor", insights_: int = 0, met: bool = False,
    verdict: str = "", gifts: int = 0, by: Member | None = None, on: date = TODAY, **more,
) -> Connection:  # fmt: skip
    """A connection with the history asked for."""
    if stream != "medical" and profession == "chiropractor":
        profession = ""
    made = connections.add(
        name or f"Person Number{next(_numbers)}",
        stream=stream,
        profession=profession,
        by=by,
        by_name="test",
        **more,
    )
    for number in range(insights_):
        insights.learn(made, f"Something they value, number {number}", on=on, by_name="test")
    if met:
        touching.log(made, "visit", on=on, today=on, by_name="test")
    if verdict:
        judge(made, verdict, on=on)
    for _number in range(gifts):
        giving.give(made, "information", on=on, by_name="test")
    return made


def judge(made: Connection, verdict: str, *, reason: str = "Seen with our own eyes", on: date = TODAY, by=None) -> None:
    """A verdict, after the checks that a `yes` needs."""
    checks = {check.key: "yes" for check in checklists.required(made.stream)} if verdict == "yes" else {}
    vetting.decide(made, verdict, reason=reason, checks=checks, on=on, by=by, by_name="" if by else "test")


def now() -> datetime:
    """Now, as stored."""
    return timezone.now()


def do_jobs() -> None:
    """Do the waiting jobs of the practice in scope, as a worker would, within the test's transaction."""
    from kneadwork.common import jobs
    from kneadwork.common.models import Job

    for job in Job.objects.filter(ended_at=None).order_by("pk"):
        jobs.run(job.practice_id, job.pk)
