"""Imports in the background: stopped when somebody wishes so, kept once, and what fails tells nothing of the inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kneadwork.common import jobs
from kneadwork.common.models import Job
from kneadwork.exchange import background, choosing, importing, keeping
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.network import adding
from kneadwork.network.models import Connection, SearchWord, Standing
from kneadwork.planning.keeping import differing
from tests.builders import TODAY, do_jobs

TABLE = "Name,Email\n" + "".join(f"Person {n},p{n}@people.example\n" for n in range(1100))


@pytest.fixture
def dropped(client, owner) -> Import:
    """A file of 1,100 people that waits to be read."""
    client.force_login(owner.user)
    client.post(reverse("network:import"), {"file": SimpleUploadedFile("people.csv", TABLE.encode())})
    return Import.objects.get()


def test_reading_that_is_stopped_leaves_neither_rows_nor_the_file(client, dropped, django_capture_on_commit_callbacks):
    client.post(reverse("network:import_stop", args=[dropped.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        do_jobs()
    job = Job.objects.get()
    assert job.ended_at and "Stopped" in job.trouble
    assert not StagedRow.objects.exists() and not Connection.objects.exists() and not Path(dropped.path).exists()
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    assert not Connection.objects.exists()


class Impatient(jobs.Running):
    """A run whose stop is wished for when the first rows are laid out."""

    def progress(self, done: int, *more) -> None:
        """Say how far, and wish for a stop."""
        if StagedRow.objects.exists():
            jobs.wish_stop(Job.objects.get(pk=self.job_id))
        super().progress(done, *more)


def test_reading_stopped_in_the_middle_leaves_neither_rows_nor_the_file(dropped, django_capture_on_commit_callbacks):
    job = Job.objects.get()
    Job.objects.update(tries=1, lease_until=timezone.now() + jobs.LEASE)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(jobs.Stopped):
        background.read(Impatient(job.practice_id, job.pk, 1), **job.arguments)
    assert not StagedRow.objects.exists() and not Path(dropped.path).exists()


def test_a_file_read_once_more_is_laid_out_once(dropped):
    """As after a worker was killed: what its try had laid out is there when the next one begins."""
    do_jobs()
    assert StagedRow.objects.count() == 1100
    Job.objects.update(ended_at=None, lease_until=None)
    do_jobs()
    dropped.refresh_from_db()
    assert StagedRow.objects.count() == 1100 and dropped.counts == {"created": 1100}


def test_keeping_that_is_stopped_before_it_began_keeps_nothing(client, dropped):
    do_jobs()
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    jobs.wish_stop(Job.objects.get(kind="import.keep"))
    do_jobs()
    assert not Connection.objects.exists() and "Stopped" in Job.objects.get(kind="import.keep").trouble
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    do_jobs()
    assert Connection.objects.count() == 1100, "what was read is still there to be kept"


def test_keeping_done_twice_keeps_once(client, dropped):
    do_jobs()
    for _n in range(2):
        client.post(reverse("network:import_keep", args=[dropped.pk]))
    do_jobs()
    keep = Job.objects.filter(kind="import.keep").first()
    Job.objects.filter(pk=keep.pk).update(ended_at=None, lease_until=None)
    jobs.run(keep.practice_id, keep.pk)
    assert Connection.objects.count() == 1100


def test_what_takes_long_about_a_large_import_is_done_before_anybody_need_wait(dropped, django_assert_max_num_queries):
    do_jobs()
    with django_assert_max_num_queries(5) as asked:
        keeping.lay_ready(dropped, on=TODAY)
    assert {query["sql"].split()[0] for query in asked.captured_queries} == {"SELECT"}


def test_a_large_import_is_in_the_list_at_once_and_what_is_computed_of_it_follows(client, dropped):
    do_jobs()
    keeping.keep(dropped, on=TODAY, by_name="test")
    assert Standing.objects.count() == 1100 and not SearchWord.objects.exists()
    assert "Person 100" in client.get(reverse("network:list")).content.decode()
    do_jobs()
    assert SearchWord.objects.filter(word="1099").exists() and not differing(dropped.practice)


def test_the_next_file_is_read_when_all_of_the_one_before_can_be_recognised(client, dropped, tmp_path):
    do_jobs()
    keeping.keep(dropped, on=TODAY, by_name="test")
    path = tmp_path / "again.csv"
    path.write_text(TABLE)
    again = importing.begin(dropped.practice, path)
    importing.read_in(again, dropped.practice)
    assert SearchWord.objects.filter(word="1099").exists() and again.counts == {"unchanged": 1100}


def test_nothing_is_chosen_any_more_once_an_import_is_being_kept(client, dropped):
    do_jobs()
    client.post(reverse("network:import_keep", args=[dropped.pk]))
    with pytest.raises(choosing.TooLate):
        choosing.put_in_stream(dropped, "medical")


def test_what_was_laid_ready_before_the_import_was_compared_anew_does_not_count(dropped, owner):
    do_jobs()
    dropped.refresh_from_db()
    ready = keeping.lay_ready(dropped, on=TODAY)
    adding.add_all([{"name": "Person 5", "emails": ["p5@people.example"]}], by=owner)
    with pytest.raises(keeping.LookAgain):
        keeping.keep(dropped, on=TODAY, by=owner, ready=ready)
    keeping.keep(dropped, on=TODAY, by=owner, ready=ready)
    assert Connection.objects.count() == 1100, "the one added meanwhile is not there twice"
