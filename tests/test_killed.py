"""Killed in the middle of its work, the program leaves all of it or nothing, and goes on without a word.

Ten kills (SIGKILL) of an import by command, and ten of the worker that reads and keeps one in the background, each in its
own tenth of the time between the program's start and the end of the work. One that came too late does not count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import SECONDS, Installation, founded

pytestmark = pytest.mark.database
KILLS = 10
#: People in each file.
PEOPLE = 200
#: So often a job is tried before it is given up (common.jobs): a kill more would end it.
KILLS_OF_ONE_JOB = 2


@pytest.fixture
def installation(tmp_path) -> Installation:
    """A fresh installation with a practice."""
    return Installation(tmp_path / "home", founded())


def files(folder: Path) -> Iterator[Path]:
    """Files of people, each of whom no other file names."""
    one = "BEGIN:VCARD\nVERSION:3.0\nFN:Given{n} Family{f}\nEMAIL:p{n}.{f}@post.example\nTEL:206-555-01{d:02d}\nEND:VCARD\n"
    for number in range(100):
        file = folder / f"people{number}.vcf"
        file.write_text("".join(one.format(n=n, f=number, d=n % 100) for n in range(PEOPLE)))
        yield file


class Moments:
    """When to kill: a moment of chance in each tenth of the work, between the first and the last of its seconds."""

    def __init__(self, begins: float, ends: float) -> None:
        self.begins, self.ends, self.chance = begins, ends, random.Random(3)

    def next(self, number: int) -> float:
        """Seconds after the start of the program, for the kill of this number."""
        part = ((number * 7) % KILLS + self.chance.random()) / KILLS  # early and late ones by turns
        return self.begins + part * (self.ends - self.begins)

    def was_too_late(self) -> None:
        """The work takes less long than was thought."""
        self.ends -= (self.ends - self.begins) / 10


def seconds(doing, *words) -> float:
    """How long it takes."""
    begun = time.monotonic()
    doing(*words)
    return time.monotonic() - begun


LOOK = """
import argparse
from datetime import timedelta
from django.utils import timezone
from kneadwork.cli import doctoring
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.network.models import Connection
from kneadwork.practice.models import Practice
with acting_in(Practice.objects.get().pk):
    Job.objects.filter(ended_at=None).update(lease_until=timezone.now() - timedelta(seconds=1))  # a minute passes
    newest = Import.objects.order_by("-asked_at").first()
    answer = {"people": Connection.objects.count(), "staged": StagedRow.objects.filter(batch=newest).count(),
              "waiting": Job.objects.filter(ended_at=None).count(),
              "troubles": [job.trouble for job in Job.objects.exclude(trouble="")]}
answer["good"] = doctoring.run(argparse.Namespace())["good"]
"""
ASK = """
from pathlib import Path
from kneadwork.common import jobs
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import importing
from kneadwork.exchange.models import Import
from kneadwork.practice.models import Member, Practice
practice = Practice.objects.get()
with acting_in(practice.pk):
    owner = Member.objects.get()
    {what}
answer = {{}}
"""
ASK_READ = 'jobs.ask("import.read", by=owner, batch=importing.begin(practice, Path({file!r}), by=owner).pk)'
ASK_KEEP = 'jobs.ask("import.keep", by=owner, batch=Import.objects.latest("asked_at").pk, member=owner.pk)'


def test_an_import_killed_ten_times_is_there_wholly_or_not_at_all(installation, tmp_path):
    waiting = files(tmp_path)
    moments = Moments(
        seconds(installation.run, "connections", "--limit", "1") / 2,
        seconds(installation.run, "import", str(next(waiting))),
    )
    there, killed = PEOPLE, 0
    while killed < KILLS:
        file = next(waiting)
        if not installation.killed_after(moments.next(killed), "import", str(file)):
            moments.was_too_late()
        else:
            killed += 1
        now = installation.inside(LOOK)
        assert now["good"] and now["people"] in (there, there + PEOPLE), f"{now} after {there} and kill {killed}"
        there = now["people"]
    again = installation.run("import", str(file))
    assert again["created"] + again["unchanged"] == PEOPLE and not again["updated"]
    assert installation.inside(LOOK)["people"] in (there, there + PEOPLE)


def test_the_worker_killed_ten_times_reads_and_keeps_each_import_wholly_and_once(installation, tmp_path):
    waiting = files(tmp_path)

    def work() -> None:
        worker = installation.begin("worker", "--alone", "--until-idle")
        told = worker.communicate(timeout=SECONDS)
        assert worker.returncode == 0, told

    idle = seconds(work)
    installation.inside(ASK.format(what=ASK_READ.format(file=str(next(waiting)))))
    moments = Moments(idle / 2, seconds(work))
    installation.inside(ASK.format(what=ASK_KEEP))
    work()
    there, killed = PEOPLE, 0
    while killed < KILLS:
        for what in (ASK_READ.format(file=str(next(waiting))), ASK_KEEP):
            installation.inside(ASK.format(what=what))
            for _kill in range(min(KILLS_OF_ONE_JOB, KILLS - killed)):
                if not installation.killed_after(moments.next(killed), "worker", "--alone", "--until-idle"):
                    moments.was_too_late()
                    break
                killed += 1
                now = installation.inside(LOOK)
                most = there + PEOPLE if what == ASK_KEEP else there
                assert now["good"] and now["people"] in (there, most), f"{now} after {there} and kill {killed}"
            work()
            now = installation.inside(LOOK)
            assert (now["staged"], now["waiting"], now["troubles"]) == (PEOPLE, 0, [])
        there += PEOPLE
        assert now["good"] and now["people"] == there
