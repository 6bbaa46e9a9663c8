"""Connections through the API: list, page, add, change, remove, many at once."""

import pytest

from kneadwork.api.tests.program import is_problem
from kneadwork.common.models import Act
from kneadwork.network import resting
from kneadwork.network.models import Connection, MergeProposal
from tests.builders import TODAY, a_connection


def test_the_list_has_reasons_filters_and_an_order(program):
    near = a_connection("Ann Near", met=True, insights_=2, address={"postal": "98101", "city": "Seattle"})
    a_connection("Bo Business", stream="business")
    document = program.get("/connections?stream=medical&order=name").json()
    assert document["total"] == 1 and document["next"] is None
    (row,) = document["connections"]
    assert row["id"] == near.ref and row["stage"] == "met" and row["reasons"] and row["distance_m"] is not None
    assert set(row) == {"id", "name", "kind", "stream", "stage", "profession", "distance_m", "distance_rough", "likely",
                        "good", "reasons"}  # fmt: skip


@pytest.mark.parametrize("order", ["rank", "name", "recent"])
def test_pages_follow_each_other_without_loss(program, order):
    made = {a_connection(f"Person {n}", met=n % 2 == 0).ref for n in range(7)}
    seen, cursor = [], ""
    while True:
        page = program.get(f"/connections?limit=3&order={order}&cursor={cursor}").json()
        seen += [c["id"] for c in page["connections"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == 7 and set(seen) == made


def test_adding_one_by_hand(program, owner):
    answer = program.post("/connections", {
        "name": "Dr. Ana Ruiz", "profession": "chiropractor", "phones": ["206 555 0101"], "emails": ["a@ruiz.example"],
        "address": {"line1": "1 Pine St", "city": "Seattle", "region": "WA", "postal": "98101"},
    })  # fmt: skip
    assert answer.status_code == 201 and answer["ETag"]
    document = answer.json()
    assert document["stream"] == "medical" and document["family"] == "Ruiz" and document["phones"] == ["206 555 0101"]
    assert document["distance_m"] is not None and document["addresses"][0]["postal"] == "98101"
    assert (
        program.client.get(answer["Location"], headers={"Authorization": f"Bearer {program.secret}"}).json() == document
    )
    assert Act.objects.get(kind="add").by == owner


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "   "},
        {"name": "X", "profession": "wizard"},
        {"name": "X", "emails": ["no"]},
        {"name": "a\x00"},
        {"name": "X", "phones": ["12"]},
        {"name": "X", "emails": ['"a,b"@c.example']},
    ],
)
def test_what_makes_no_connection_is_refused(program, body):
    assert is_problem(program.post("/connections", body), 422)
    assert Connection.objects.count() == 0


def test_a_change_needs_the_version_that_was_seen(program):
    path = f"/connections/{a_connection('Ann Old').ref}"
    seen = program.get(path)["ETag"]
    assert is_problem(program.call("PATCH", path, {"note": "x"}), 428)
    changed = program.call("PATCH", path, {"name": "Ann New", "stream": "personal"}, If_Match=seen)
    assert changed.status_code == 200 and changed.json()["name"] == "Ann New" and changed.json()["stream"] == "personal"
    late = program.call("PATCH", path, {"note": "lost?"}, If_Match=seen)
    assert is_problem(late, 412) and late["ETag"] == changed["ETag"]
    assert program.get(path).json()["note"] == ""
    assert program.get(path, If_None_Match=changed["ETag"]).status_code == 304


def test_a_name_cannot_be_taken_away(program):
    here = a_connection("Ann Old")
    assert is_problem(program.call("PATCH", f"/connections/{here.ref}", {"name": " "}, If_Match="*"), 422)
    assert Connection.objects.get(pk=here.pk).name == "Ann Old"


def test_removing_needs_the_version_too(program):
    here = a_connection("Ann Gone")
    path = f"/connections/{here.ref}"
    assert is_problem(program.call("DELETE", path), 428)
    assert is_problem(program.call("DELETE", path, If_Match='"other"'), 412)
    assert program.call("DELETE", path, If_Match=program.get(path)["ETag"]).status_code == 204
    assert is_problem(program.get(path), 404)


def test_a_wish_not_to_be_written_to_is_not_removed(program):
    here = a_connection("Ann Stop")
    resting.stop(here, on=TODAY, how="by phone", by_name="test")
    assert is_problem(program.call("DELETE", f"/connections/{here.ref}", If_Match="*"), 422)
    assert Connection.objects.filter(pk=here.pk).exists()


def test_many_at_once_are_one_act(program):
    people = [{"name": f"Person {n}", "profession": "chiropractor"} for n in range(30)]
    answer = program.post("/connections:batch", {"connections": people})
    assert answer.status_code == 201 and answer.json()["created"] == 30
    first = program.get(f"/connections/{answer.json()['ids'][0]}").json()
    assert first["name"] == "Person 0" and first["stage"] == "found"
    assert Act.objects.filter(kind="add").count() == 1


def test_one_refused_refuses_all(program):
    people = [{"name": "Good Name"}, {"name": "  "}]
    answer = program.post("/connections:batch", {"connections": people})
    assert is_problem(answer, 422) and answer.json()["errors"][0]["where"] == "connections.1"
    assert Connection.objects.count() == 0


def test_more_than_ten_thousand_are_refused(program):
    people = [{"name": "x"}] * 10_001
    assert is_problem(program.post("/connections:batch", {"connections": people}), 422)


def test_telephones_emails_and_tags_are_replaced_as_a_whole(program, owner):
    here = a_connection("Ana Ruiz", phones=["206 555 0101", "206 555 0102"], emails=["a@ruiz.example"])
    path = f"/connections/{here.ref}"
    given = {"phones": ["(206) 555-0102", "206 555 0103"], "emails": [], "tags": ["swimmers", "near us"]}
    done = program.call("PATCH", path, given, If_Match="*").json()
    assert done["phones"] == ["206 555 0102", "206 555 0103"] and done["emails"] == []
    assert done["tags"] == ["near us", "swimmers"]
    assert program.call("PATCH", path, {"note": "kept"}, If_Match="*").json()["phones"] == done["phones"]


def test_whoever_is_added_twice_is_offered_as_one(program):
    a_connection("Ana Ruiz", emails=["a@ruiz.example"])
    assert program.post("/connections", {"name": "Ana Ruiz", "emails": ["a@ruiz.example"]}).status_code == 201
    assert MergeProposal.objects.get().reason == "the same e-mail"
