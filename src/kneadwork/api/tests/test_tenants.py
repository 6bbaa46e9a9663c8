"""Another practice's ids on every route that the description names: not there, and nothing changes."""

from functools import cache

import pytest

from kneadwork.api.app import api
from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.network.models import Gift, Insight, Touch, Verdict
from kneadwork.referrals import asking, referring
from tests.builders import TODAY, a_connection, an_owner

#: Routes that take no id of anything; what they answer must hold nothing of another practice.
WITHOUT_IDS = {
    ("get", "/connections"), ("post", "/connections"), ("post", "/connections:batch"), ("post", "/imports"),
    ("get", "/today"), ("get", "/export"),
}  # fmt: skip


@cache
def description() -> dict:
    return api.get_openapi_schema()


def routes() -> list[tuple[str, str]]:
    paths = description()["paths"]
    return [(m, p.removeprefix("/api/v1")) for p, methods in paths.items() for m in methods]


@pytest.fixture
def theirs(db) -> dict:
    """Somebody else's practice with one record of each kind: ids by kind, and its owner."""
    owner = an_owner()
    with acting_in(owner.practice_id):
        here = a_connection("Hidden Name", insights_=2, met=True, verdict="yes", gifts=1)
        referring.record(here, "Hidden Jo", on=TODAY, today=TODAY, by_name="test")
        ask = asking.record(here, "call", on=TODAY, missing=[], by=owner)
        records = [m.objects.first() for m in (Touch, Insight, Verdict, Gift)]
        refs = {r.ref for r in [here, ask, here.referrals.get(), *records]} | {a.ref for a in Act.objects.all()}
    return {"owner": owner, "connection": here.ref, "refs": refs}


def history(owner) -> list[int]:
    with acting_in(owner.practice_id):
        return list(Act.objects.order_by("pk").values_list("pk", flat=True))


def schema_of(method: str, path: str) -> dict:
    """The JSON schema of a route's body, {} where it has none."""
    document = description()
    body = document["paths"][f"/api/v1{path}"][method].get("requestBody", {}).get("content", {})
    found = body.get("application/json", {}).get("schema", {})
    ref = found.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][ref] if ref else found


def body_for(method: str, path: str, foreign: str) -> dict | None:
    """The least body that the description asks for, with the foreign id wherever an id belongs."""
    shape = schema_of(method, path)
    if not shape:
        return None
    properties, body = shape.get("properties", {}), {}
    for name in shape.get("required", []):
        body[name] = properties[name].get("enum", ["words"])[0]
    if "connection" in properties:
        body["connection"] = foreign
    if "to" in properties:
        body["to"] = [foreign]
    return body


def takes_an_id(method: str, path: str) -> bool:
    parameters = description()["paths"][f"/api/v1{path}"][method]["parameters"]
    names = {p["name"] for p in parameters} | set(schema_of(method, path).get("properties", {}))
    return bool(names & {"ref", "connection", "to"})


def test_every_route_either_takes_an_id_or_is_known_to_take_none():
    assert {r for r in routes() if not takes_an_id(*r)} == WITHOUT_IDS
    assert len(routes()) > 25


@pytest.mark.parametrize(("method", "path"), [r for r in routes() if takes_an_id(*r)])
def test_an_id_of_another_practice_is_not_there(program, owner, theirs, method, path):
    before = history(theirs["owner"]), history(owner)
    for foreign in theirs["refs"] if "{ref}" in path else [theirs["connection"]]:
        address = path.replace("{ref}", foreign)
        if method == "get" and "{ref}" not in path:
            address += f"?connection={foreign}"
        answer = program.call(method.upper(), address, body_for(method, path, foreign), If_Match="*")
        assert is_problem(answer, 404), address
        assert b"Hidden" not in answer.content
    assert (history(theirs["owner"]), history(owner)) == before


def test_lists_and_exports_hold_nothing_of_another_practice(program, theirs):
    for path in [p for m, p in routes() if m == "get" and "{ref}" not in p]:
        answer = program.get(path)
        assert answer.status_code == 200 and b"Hidden" not in answer.content, path
        assert theirs["connection"].encode() not in answer.content, path


def test_a_key_opens_only_its_own_practice(theirs, owner):
    ours = a_connection("Ours Alone")
    assert is_problem(Program(theirs["owner"]).get(f"/connections/{ours.ref}"), 404)
