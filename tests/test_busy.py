"""While somebody else keeps the embedded database to write in, nobody is shown its internals."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.cli import program
from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Connection
from tests.builders import an_owner

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Nothing was lost: try again in a minute"


@pytest.fixture
def robin():
    """The owner of the only practice."""
    return an_owner()


@contextlib.contextmanager
def somebody_writing():
    """Another connection in the middle of its writing, for whom nobody here waits any longer."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
        connection.close()


def names(member) -> list[str]:
    with acting_in(member.practice_id, writing=False):
        return list(Connection.objects.values_list("name", flat=True))


@pytest.mark.only("sqlite")
def test_a_page_says_so_and_when_to_come_back(robin):
    client = Client(raise_request_exception=False)
    client.force_login(robin.user)
    with somebody_writing():
        answer = client.post(reverse("network:add"), {"name": "Amara Lindqvist"})
        assert client.get(reverse("network:list")).status_code == 200, "looking goes on"
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert WORDS in answer.content.decode() and "locked" not in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert client.post(reverse("network:add"), {"name": "Amara Lindqvist"}).status_code == 302
    assert names(robin) == ["Amara Lindqvist"]


@pytest.mark.only("sqlite")
def test_a_program_gets_a_problem(robin):
    outside = Program(robin)
    with somebody_writing():
        assert outside.get("/connections").status_code == 200, "looking goes on"
        answer = outside.post("/connections", {"name": "Amara Lindqvist"})
    assert is_problem(answer, 503) and answer["Retry-After"] == "60" and WORDS in answer.json()["detail"]
    assert names(robin) == []


@pytest.mark.only("sqlite")
def test_a_command_ends_with_a_sentence(robin, capsys):
    with somebody_writing():
        assert program.run(["add", "Amara Lindqvist"]) == 1
    said = capsys.readouterr().err
    assert WORDS in said and "locked" not in said and len(said.splitlines()) == 1


def test_a_fault_of_ours_is_still_one(robin, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(robin.user)
    monkeypatch.setattr("kneadwork.pages.practice.home.setting_up.next_step", lambda practice: 1 / 0)
    answer = client.get(reverse("practice:home"))
    assert answer.status_code == 500 and "Something went wrong here" in answer.content.decode()
