"""Work in the background: one worker at a time does a job, and one that lost it writes no more."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import kneadwork
from kneadwork.common import jobs
from kneadwork.common.models import Job
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import importing, staging
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.neutral import Record
from tests.builders import an_owner

LATER = jobs.LEASE + timedelta(seconds=1)


@pytest.fixture
def clock(time_machine):
    """A clock that moves only when told."""
    time_machine.move_to("2026-11-24 12:00+00:00", tick=False)
    return time_machine


@pytest.fixture
def job(owner, monkeypatch):
    """A job that calls `do(running)`: put the work there."""
    made = jobs.ask("test.work", by=owner)
    monkeypatch.setitem(jobs._kinds, "test.work", lambda running: made.do(running))
    made.do = lambda running: {"done": True}
    return made


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_once_though_it_is_in_the_queue_twice(job):
    done = []
    job.do = lambda running: done.append(running.number)
    for _worker in range(2):
        jobs.run(job.practice_id, job.pk)
    assert done == [1] and again(job).ended_at


@pytest.mark.parametrize("at_start", [True, False])
def test_another_worker_that_starts_leaves_a_running_job_alone(job, at_start):
    tried = []

    def work(running):
        tried.append(running.number)
        jobs.recover(at_start=at_start)
        jobs.run(job.practice_id, job.pk)
        running.progress(1)

    job.do = work
    jobs.run(job.practice_id, job.pk)
    assert tried == [1] and again(job).ended_at and not again(job).trouble


def test_a_job_whose_lease_lapsed_is_taken_up_and_the_first_try_writes_no_more(job, clock):
    went_on = []

    def work(running):
        if running.number == 1:
            clock.shift(LATER)
            jobs.recover()
            jobs.run(job.practice_id, job.pk)
            running.progress(1)
            went_on.append("the first try")
        return {"by": running.number}

    job.do = work
    jobs.run(job.practice_id, job.pk)
    assert again(job).outcome == {"by": 2} and went_on == []


def test_a_first_try_that_ends_after_its_job_was_taken_up_changes_nothing_of_it(job, clock):
    def work(running):
        if running.number == 1:
            clock.shift(LATER)
            jobs.recover()
        return {"by": running.number}

    job.do = work
    jobs.run(job.practice_id, job.pk)
    assert again(job).ended_at is None
    jobs.run(job.practice_id, job.pk)
    assert again(job).outcome == {"by": 2}


def test_a_job_that_its_worker_dropped_before_it_began_is_found_at_the_next_start(job):
    assert jobs.recover() == 0
    assert jobs.recover(at_start=True) == 1


def test_a_job_interrupted_again_and_again_is_given_up_in_words(job, clock):
    for _n in range(jobs.TRIES):
        assert jobs._take(job.practice_id, job.pk)
        clock.shift(LATER)
        jobs.recover()
    assert "given up" in again(job).trouble and again(job).ended_at
    assert jobs._take(job.practice_id, job.pk) is None


def test_a_wish_to_stop_is_heard_at_the_next_step(job):
    reached = []

    def work(running):
        running.progress(1)
        jobs.wish_stop(job)
        running.progress(2)
        reached.append(2)

    job.do = work
    jobs.run(job.practice_id, job.pk)
    assert "Stopped" in again(job).trouble and reached == []


def test_a_file_read_by_two_tries_at_once_is_laid_out_once(owner, job, clock, monkeypatch, tmp_path):
    """The first worker is slow, not dead: what it lays out after losing the job would double everybody."""
    batch = importing.begin(owner.practice, tmp_path / "people.csv", by=owner)
    monkeypatch.setattr(staging, "CHUNK", 4)

    def items(first: bool):
        for number in range(10):
            if first and number == 6:
                clock.shift(LATER)
                jobs.recover()
                jobs.run(job.practice_id, job.pk)
            yield Record(where=f"line {number}", name=f"Given{number} Family{number}")

    def work(running):
        found = Import.objects.get(pk=batch.pk)
        staging.stage(found, items(running.number == 1), lambda done: running.progress(done))

    job.do = work
    jobs.run(job.practice_id, job.pk)
    with acting_in(owner.practice_id):
        assert StagedRow.objects.filter(batch=batch).count() == 10
        assert Import.objects.get(pk=batch.pk).counts["created"] == 10
    assert again(job).tries == 2 and again(job).ended_at


def test_a_job_that_fails_ends_with_a_sentence_that_tells_nothing_of_the_inside(job):
    def work(running):
        raise RuntimeError("a secret detail")

    job.do = work
    jobs.run(job.practice_id, job.pk)
    assert again(job).ended_at and again(job).trouble and "secret" not in again(job).trouble


def test_jobs_of_another_practice_are_not_found(job):
    other = an_owner()
    jobs.run(other.practice_id, job.pk)
    with acting_in(job.practice_id):
        assert again(job).ended_at is None
    with acting_in(other.practice_id):
        assert not Job.objects.exists()


def test_the_worker_knows_every_job_that_is_asked_for(tmp_path):
    """As a fresh process does: what only a page imports is not known there."""
    asked = set()
    for file in Path(kneadwork.__file__).parent.rglob("*.py"):
        for call in (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call)):
            if isinstance(call.func, ast.Attribute) and (call.func.attr, ast.unparse(call.func.value)) == (
                "kind",
                "jobs",
            ):
                asked.add(ast.unparse(call.args[0]))
    program = "import django; django.setup(); from kneadwork.cli import working; working.load_jobs(); from kneadwork.common import jobs; print(len(jobs._kinds))"
    settings = {"DJANGO_SETTINGS_MODULE": "kneadwork.settings", "KNEADWORK_HOME": str(tmp_path)}
    known = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=os.environ | settings, check=True
    )  # noqa: S603
    assert int(known.stdout) == len(asked) >= 8
