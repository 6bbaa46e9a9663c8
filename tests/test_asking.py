"""An ask waits, on the page and at the API, for each condition of its stream; what the records say is what the rule is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.network import giving, resting, vetting
from kneadwork.network.models import Connection, Verdict
from kneadwork.practice.setting_up import today
from kneadwork.referrals import asking
from kneadwork.referrals.models import Ask
from tests.builders import a_connection

READY = {"insights_": 2, "met": True, "verdict": "yes", "gifts": 1}


def a_professional(owner, stream="medical", **less) -> Connection:
    return a_connection(stream=stream, by=owner, on=today(owner.practice), **READY | less)


def raise_a_flag(made, owner, on):
    vetting.raise_flag(made, "Left somebody in pain", on=on, by=owner)


def say_no(made, owner, on):
    ask = asking.record(made, "call", on=on - timedelta(days=300), missing=[], by=owner)
    asking.answer(ask, "no", on=on - timedelta(days=300), by=owner)


def ask_lately(made, owner, on):
    asking.record(made, "call", on=on - timedelta(days=10), missing=[], by=owner)


def ask_often(made, owner, on):
    for days in (120, 200, 280):
        asking.record(made, "call", on=on - timedelta(days=days), missing=[], by=owner)


def rest(made, owner, on):
    resting.rest(made, since=on, by=owner)


def stop(made, owner, on):
    resting.stop(made, on=on, how="asked", by=owner)


def asked_of(client, owner, made: Connection) -> tuple[bool, bool]:
    """Whether the page, and then the API, records an ask of them today."""
    client.force_login(owner.user)
    before = set(Ask.objects.values_list("pk", flat=True))
    client.post(reverse("network:record", args=[made.pk, "asks"]), {"channel": "call"})
    new = Ask.objects.exclude(pk__in=before)
    by_page = new.exists()
    new._raw_delete("default")
    answer = Program(owner).post("/asks", {"connection": made.ref, "channel": "call"})
    if answer.status_code != 201:
        assert is_problem(answer, answer.status_code)
    return by_page, answer.status_code == 201


@pytest.mark.parametrize("stream", ["medical", "business"])
def test_a_professional_is_asked_once_everything_is_there(client, owner, stream):
    assert asked_of(client, owner, a_professional(owner, stream)) == (True, True)


@pytest.mark.parametrize("stream", ["medical", "business"])
@pytest.mark.parametrize("less", [{"insights_": 1}, {"met": False}, {"verdict": ""}, {"gifts": 0}], ids=str)
def test_a_professional_is_not_asked_while_one_thing_is_missing(client, owner, stream, less):
    assert asked_of(client, owner, a_professional(owner, stream, **less)) == (False, False)


@pytest.mark.parametrize("what", [raise_a_flag, say_no, ask_lately, ask_often, rest, stop])
def test_nobody_is_asked_against_what_stands_in_the_way(client, owner, what):
    made = a_professional(owner)
    what(made, owner, today(owner.practice))
    assert asked_of(client, owner, made) == (False, False)


def test_a_verdict_that_is_not_yes_is_none(client, owner):
    made = a_professional(owner, verdict="")
    for answer in (Verdict.Answer.NOT_YET, Verdict.Answer.NO):
        vetting.decide(made, answer, reason="Seen", on=today(owner.practice), by=owner)
        assert asked_of(client, owner, made) == (False, False)


def test_a_friend_is_asked_after_a_conversation_and_with_no_promise_open(client, owner):
    stranger = a_connection("Ana Ruiz", stream="personal", by=owner)
    assert asked_of(client, owner, stranger) == (False, False)
    friend = a_connection("Ben Osei", stream="personal", met=True, by=owner, on=today(owner.practice))
    giving.promise(friend, "Call back", due_on=today(owner.practice), by=owner)
    assert asked_of(client, owner, friend) == (False, False)
    friend.promises.update(kept_on=today(owner.practice))
    assert asked_of(client, owner, friend) == (True, True)


def test_no_client_is_asked_yet(client, owner):
    assert asked_of(client, owner, a_professional(owner, "clients")) == (False, False)
