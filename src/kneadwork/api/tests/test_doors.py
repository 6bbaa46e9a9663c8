"""Who is let in, and what each error looks like."""

import pytest

from kneadwork.api.app import api
from kneadwork.api.keys import MemberKey
from kneadwork.api.tests.program import Program, is_problem
from kneadwork.network.models import Connection
from kneadwork.practice import keys, people
from kneadwork.practice.models import ApiToken, Role
from kneadwork.practice.rights import Right
from tests.builders import a_connection, a_member


def operations():
    return [o for r in api._get_bound_routers() for v in r.path_operations.values() for o in v.operations]


def test_every_route_names_the_right_it_needs():
    assert len(operations()) > 25
    for operation in operations():
        (door,) = operation.auth_callbacks
        assert isinstance(door, MemberKey) and isinstance(door.right, Right), operation.path


def test_the_description_is_open_to_everybody(db):
    answer = Program().get("/openapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1") and "Problem" in document["components"]["schemas"]
    assert {f"/api/v1/{name}:batch" for name in ("connections", "touches", "insights")} <= set(document["paths"])


def test_no_key_or_a_wrong_one_opens_nothing(program):
    for headers in ({}, {"Authorization": "Bearer kw_wrong"}, {"Authorization": f"Basic {program.secret}"}):
        answer = Program().get("/connections", **headers)
        assert is_problem(answer, 401) and answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(program, owner):
    assert program.get("/connections").status_code == 200
    keys.revoke(ApiToken.objects.get(), by=owner)
    assert is_problem(program.get("/connections"), 401)


def test_the_key_of_somebody_who_left_opens_nothing(owner):
    helper = a_member(owner, Role.HELPER)
    theirs = Program(helper)
    assert theirs.get("/connections").status_code == 200
    people.leave(helper, by=owner)
    assert is_problem(theirs.get("/connections"), 401)


def test_somebody_only_invited_has_no_key_that_opens(owner):
    _invitation, token = people.invite("new@practice.example", Role.THERAPIST, by=owner)
    assert is_problem(Program().get("/connections", Authorization=f"Bearer {token}"), 401)


def test_a_role_without_the_right_is_told_so(owner):
    helper = Program(a_member(owner, Role.HELPER))
    for method, path in (("GET", "/referrals"), ("GET", "/vetting"), ("GET", "/export"), ("POST", "/imports")):
        assert is_problem(helper.call(method, path), 403), path
    assert helper.get("/referrals").json()["right"] == "referrals"


def test_a_role_that_may_not_see_clients_sees_none(owner):
    client = a_connection("Casey Client", stream="clients", met=True)
    doctor = a_connection("Dana Doctor")
    helper = Program(a_member(owner, Role.HELPER))
    listed = helper.get("/connections").json()
    assert [c["id"] for c in listed["connections"]] == [doctor.ref] and listed["total"] == 1
    assert is_problem(helper.get(f"/connections/{client.ref}"), 404)
    assert is_problem(helper.get(f"/touches?connection={client.ref}"), 404)
    assert helper.get("/touches").json()["touches"] == []
    assert is_problem(helper.post("/touches", {"connection": client.ref, "channel": "call"}), 404)
    assert is_problem(helper.post("/connections", {"name": "One More", "stream": "clients"}), 403)
    assert not Connection.objects.filter(name="One More").exists()


def test_what_is_not_there_is_a_problem_too(program):
    for path in ("/", "/nothing", "/connections/", "/connections/zzz", "/connections/0000000000000", "/touches/../x"):
        assert is_problem(program.get(path), 404), path


def test_a_method_that_a_resource_lacks_is_named_with_those_it_has(program):
    answer = program.call("DELETE", "/touches")
    assert is_problem(answer, 405) and set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_must_be_json_and_not_too_large(program, monkeypatch):
    send = program.client.generic
    headers = {"Authorization": f"Bearer {program.secret}"}
    plain = send("POST", "/api/v1/connections", "name=x", content_type="text/plain", headers=headers)
    assert is_problem(plain, 415)
    broken = send("POST", "/api/v1/connections", "{", content_type="application/json", headers=headers)
    assert is_problem(broken, 400)
    large = b'{"name": "' + b"x" * 17 * 1024**2 + b'"}'
    assert is_problem(send("POST", "/api/v1/connections", large, content_type="application/json", headers=headers), 413)


def test_an_unknown_filter_or_field_is_refused_not_ignored(program):
    assert is_problem(program.get("/connections?strem=medical"), 422)
    assert is_problem(program.get("/connections?stream=medicine"), 422)
    assert is_problem(program.get("/connections?limit=201"), 422)
    assert is_problem(program.get("/connections?cursor=made-up"), 422)
    assert is_problem(program.get("/touches?cursor=made-up"), 422)
    answer = program.post("/connections", {"name": "X", "profesion": "chiropractor"})
    assert is_problem(answer, 422) and "profesion" in answer.json()["errors"][0]["where"]


def test_a_name_that_stands_twice_is_refused(program):
    assert is_problem(program.get("/connections?limit=5&limit=6"), 422)
    assert is_problem(program.get("/touches?cursor=&cursor="), 422)
    headers = {"Authorization": f"Bearer {program.secret}"}
    for body in ('{"name": "Ann", "name": "Bo"}', '{"name": "Ann", "address": {"city": "A", "city": "B"}}'):
        answer = program.client.post("/api/v1/connections", body, content_type="application/json", headers=headers)
        assert is_problem(answer, 422) and "more than once" in answer.json()["detail"]
    assert not Connection.objects.exists()


@pytest.mark.parametrize("lying", ["\x00", "\x07", "\x1b[31m", "\x85", "a\u202egnp.exe", "\u202d"])
def test_characters_that_nobody_types_are_refused(program, lying):
    for body in ({"name": lying}, {"name": "Ann", "note": lying}, {"name": "Ann", "address": {"city": lying}}):
        assert is_problem(program.post("/connections", body), 422)
    assert not Connection.objects.exists()
    assert program.post("/connections", {"name": "José علي", "note": "two\nlines\tand more"}).status_code == 201


def test_a_fault_of_ours_is_a_problem_without_its_details(program, owner):
    from django.test import RequestFactory

    from kneadwork.api.app import with_problems

    def broken(request):
        raise RuntimeError("secret words")

    answer = with_problems(broken)(RequestFactory().get("/api/v1/x"))
    assert answer.status_code == 500 and b"secret" not in answer.content
    assert answer["Content-Type"] == "application/problem+json"
