"""Idempotency-Key: done once, answered again."""

from datetime import timedelta

from django.utils import timezone

from kneadwork.api.models import KeptAnswer
from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common.tenancy import acting_in
from kneadwork.exchange import exporting
from kneadwork.network.models import Connection
from tests.builders import a_member, an_owner


def test_the_same_request_is_done_once_and_answered_alike(program):
    first = program.post("/connections", {"name": "Ann Once"}, Idempotency_Key="one")
    again = program.post("/connections", {"name": "Ann Once"}, Idempotency_Key="one")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true" and not first.has_header("Idempotency-Replayed")
    assert again["ETag"] == first["ETag"] and again["Location"] == first["Location"]
    assert Connection.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(program, owner):
    program.post("/connections", {"name": "Ann Once"}, Idempotency_Key="one")
    assert is_problem(program.post("/connections", {"name": "Bo Twice"}, Idempotency_Key="one"), 422)
    batch = {"connections": [{"name": "Ann Once"}]}
    assert is_problem(program.post("/connections:batch", batch, Idempotency_Key="one"), 422)
    colleague = Program(a_member(owner))
    assert is_problem(colleague.post("/connections", {"name": "Ann Once"}, Idempotency_Key="one"), 422)
    assert Connection.objects.count() == 1


def test_a_refused_request_may_be_sent_again_mended(program):
    assert is_problem(program.post("/connections", {"name": "  "}, Idempotency_Key="one"), 422)
    assert program.post("/connections", {"name": "Ann"}, Idempotency_Key="one").status_code == 201


def test_a_request_still_being_done_is_not_done_twice(program, practice):
    program.post("/connections", {"name": "Ann"}, Idempotency_Key="one")
    KeptAnswer.objects.update(status=0)
    assert is_problem(program.post("/connections", {"name": "Ann"}, Idempotency_Key="one"), 409)
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=2))
    assert program.post("/connections", {"name": "Ann"}, Idempotency_Key="one").status_code == 201


def test_a_key_too_long_to_keep_is_refused(program):
    assert is_problem(program.post("/connections", {"name": "Ann"}, Idempotency_Key="k" * 201), 422)


def test_keys_of_two_practices_have_nothing_to_do_with_each_other(program):
    program.post("/connections", {"name": "Ann"}, Idempotency_Key="one")
    other = an_owner()
    assert Program(other).post("/connections", {"name": "Bo"}, Idempotency_Key="one").json()["name"] == "Bo"
    with acting_in(other.practice_id):
        assert KeptAnswer.objects.count() == 1


def test_kept_answers_are_forgotten_after_a_week_and_never_exported(program):
    program.post("/connections", {"name": "Ann"}, Idempotency_Key="one")
    assert KeptAnswer not in exporting.models_to_export()
    KeptAnswer.objects.update(at=timezone.now() - timedelta(days=8))
    again = program.post("/connections", {"name": "Ann"}, Idempotency_Key="one")
    assert again.status_code == 201 and not again.has_header("Idempotency-Replayed")
    assert KeptAnswer.objects.count() == 1
