"""Every route that the description names, asked by everybody who should not: another practice's members in each role,
whoever left and whoever is only invited, a role without the right. Refused, and the whole database is as it was.
"""

from functools import cache

import pytest

from kneadwork.api.app import api
from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common import acts
from kneadwork.common.models import Act
from kneadwork.common.tenancy import acting_in
from kneadwork.network import cards, events, introducing
from kneadwork.network.models import Client, FitAnswer, Gift, Insight, Touch, Verdict
from kneadwork.practice import people
from kneadwork.practice.models import Role
from kneadwork.practice.rights import RIGHTS, Right
from kneadwork.referrals import asking, referring
from tests.builders import TODAY, a_connection, a_member, an_owner
from tests.test_crossing import picture

#: Routes that take no id of anything; what they answer must hold nothing of another practice.
WITHOUT_IDS = {
    ("get", "/connections"), ("post", "/connections"), ("post", "/connections:batch"), ("post", "/imports"),
    ("get", "/today"), ("get", "/export"), ("get", "/events"), ("get", "/checks/incentive"),
}  # fmt: skip
#: What must be asked so that these answer at all.
QUESTIONS = {"/checks/incentive": "?state=WA&kind=gift&value=10"}
#: What answers only about somebody who is named.
ABOUT_SOMEBODY = {"/checks/disclosure"}


@cache
def description() -> dict:
    return api.get_openapi_schema()


def routes() -> list[tuple[str, str]]:
    paths = description()["paths"]
    return [(m, p.removeprefix("/api/v1")) for p, methods in paths.items() for m in methods]


@pytest.fixture(autouse=True)
def _nobody_waits(settings) -> None:
    """Whoever is refused often is asked to wait (tests/test_accounts.py); here each route is asked at once."""
    settings.LIMITS = settings.LIMITS | {"api": 1_000_000, "api_door": 1_000_000}


@pytest.fixture
def theirs(db) -> dict:
    """Somebody else's practice with one record of each kind: ids by kind, and its owner."""
    owner = an_owner()
    with acting_in(owner.practice_id):
        here = a_connection("Hidden Name", insights_=2, met=True, verdict="yes", gifts=1)
        referring.record(here, "Hidden Jo", on=TODAY, today=TODAY, by_name="test")
        ask = asking.record(here, "call", on=TODAY, missing=[], by=owner)
        evening = events.make("Hidden evening", on=TODAY, by=owner)
        card = cards.collect(words="Hidden words", event=evening, by=owner)
        meant = introducing.begin(here, a_connection("Hidden Other", verdict="yes"), on=TODAY, by=owner)
        client = a_client("Hidden Client", here)
        records = [m.objects.first() for m in (Touch, Insight, Verdict, Gift, FitAnswer)]
        refs = {r.ref for r in [here, client, ask, evening, card, meant, here.referrals.get(), *records]} | {
            a.ref for a in Act.objects.all()
        }
    return {"owner": owner, "connection": here.ref, "event": evening.ref, "client": client.ref, "refs": refs}


def a_client(name: str, connection) -> Client:
    made = Client(name=name, connection=connection)
    with acts.act("client", by_name="test"):
        made.save()
    return made


def schema_of(method: str, path: str) -> dict:
    """The JSON schema of a route's body, {} where it has none."""
    document = description()
    body = document["paths"][f"/api/v1{path}"][method].get("requestBody", {}).get("content", {})
    found = body.get("application/json", {}).get("schema", {})
    return shape_named(found) or found


def shape_named(found: dict) -> dict:
    """The shape to which a schema refers, {} where it refers to none."""
    ref = found.get("$ref", "").rpartition("/")[2]
    return description()["components"]["schemas"][ref] if ref else {}


def body_for(method: str, path: str, foreign: str) -> dict | None:
    """The least body that the description asks for, with the foreign id wherever an id belongs."""
    shape = schema_of(method, path)
    return filled(shape, foreign) if shape else None


def filled(shape: dict, foreign: str) -> dict:
    """The least document of a shape, records in a list included."""
    properties, body = shape.get("properties", {}), {}
    for name in shape.get("required", []):
        item = shape_named(properties[name].get("items", {}))
        plain = "2026-11-23" if properties[name].get("format") == "date" else "words"
        body[name] = [filled(item, foreign)] if item else properties[name].get("enum", [plain])[0]
    if "connection" in properties:
        body["connection"] = foreign
    for listed in ("to", "hoped_for"):
        if listed in properties:
            body[listed] = [foreign]
    return body


def aimed(body: dict | None, method: str, path: str, theirs: dict) -> dict | None:
    """The body with the foreign event where one belongs."""
    known = "event" in schema_of(method, path).get("properties", {})
    return {**(body or {}), "event": theirs["event"]} if known else body


def asks_for(path: str, theirs: dict) -> str:
    """What a list is asked for: records of the foreign connection, or cards of the foreign event."""
    names = {p["name"] for p in description()["paths"][f"/api/v1{path}"]["get"]["parameters"]}
    if "about" in names:
        return f"?to={theirs['connection']}&about={theirs['client']}&purpose=treatment"
    return f"?event={theirs['event']}" if "event" in names else f"?connection={theirs['connection']}"


def takes_an_id(method: str, path: str) -> bool:
    parameters = description()["paths"][f"/api/v1{path}"][method]["parameters"]
    properties = schema_of(method, path).get("properties", {})
    names = {p["name"] for p in parameters} | set(properties)
    for listed in properties.values():
        names |= set(shape_named(listed.get("items", {})).get("properties", {}))
    return bool(names & {"ref", "connection", "to", "event", "hoped_for"})


def test_every_route_either_takes_an_id_or_is_known_to_take_none():
    assert {r for r in routes() if not takes_an_id(*r)} == WITHOUT_IDS
    assert len(routes()) > 25


WHO = [*map(str, Role.values), "left", "invited"]


def program_of(who: str, owner) -> Program:
    """The program of a member of the owner's practice: in a role, who left since, or who was only invited."""
    with acting_in(owner.practice_id):
        if who == "invited":
            outside = Program()
            _invitation, outside.secret = people.invite("invited@practice.example", Role.OWNER, by=owner)
            return outside
        member = owner if who == Role.OWNER else a_member(owner, who if who in Role.values else Role.THERAPIST)
        outside = Program(member)
        if who == "left":
            people.leave(member, by=owner)
        return outside


def rights() -> dict[tuple[str, str], Right]:
    """The right that each route needs."""
    operations = [
        (method.lower(), path, operation)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]
    return {
        (method, f"/{path.lstrip('/')}"): operation.auth_callbacks[0].right for method, path, operation in operations
    }


def refused_with(who: str, right: Right) -> int:
    """The status with which somebody is refused what is not there for them."""
    if who in ("left", "invited"):
        return 401
    return 404 if right in RIGHTS[who] else 403


def test_every_route_is_in_the_table_of_rights():
    assert set(rights()) == set(routes())


@pytest.mark.parametrize("who", WHO)
def test_an_id_of_another_practice_is_not_there(owner, theirs, who):
    outside = program_of(who, owner)
    before = picture()
    for method, path in [r for r in routes() if takes_an_id(*r)]:
        for foreign in theirs["refs"] if "{ref}" in path else [theirs["connection"]]:
            address = path.replace("{ref}", foreign)
            if method == "get" and "{ref}" not in path:
                address += asks_for(path, theirs)
            body = aimed(body_for(method, path, foreign), method, path, theirs)
            answer = outside.call(method.upper(), address, body, If_Match="*")
            assert is_problem(answer, refused_with(who, rights()[method, path])), address
            assert b"Hidden" not in answer.content
        assert picture() == before, (method, path)


@pytest.mark.parametrize("who", [w for w in WHO if w != Role.OWNER])
def test_who_has_not_the_right_is_refused_in_their_own_practice(theirs, who):
    """The same practice, whose ids are all there: the role lacks the right, or is none any more, or not yet."""
    outside, held = program_of(who, theirs["owner"]), RIGHTS.get(who, frozenset())
    before = picture()
    for (method, path), right in rights().items():
        if right in held:
            continue
        for ref in theirs["refs"] if "{ref}" in path else [theirs["connection"]]:
            body = body_for(method, path, theirs["connection"])
            answer = outside.call(method.upper(), path.replace("{ref}", ref), body, If_Match="*")
            assert is_problem(answer, 401 if who in ("left", "invited") else 403), (method, path)
            assert b"Hidden" not in answer.content
        assert picture() == before, (method, path)


def test_lists_and_exports_hold_nothing_of_another_practice(program, theirs):
    for path in [p for m, p in routes() if m == "get" and "{ref}" not in p and p not in ABOUT_SOMEBODY]:
        answer = program.get(path + QUESTIONS.get(path, ""))
        assert answer.status_code == 200 and b"Hidden" not in answer.content, path
        assert theirs["connection"].encode() not in answer.content, path


def test_a_key_opens_only_its_own_practice(theirs, owner):
    ours = a_connection("Ours Alone")
    assert is_problem(Program(theirs["owner"]).get(f"/connections/{ours.ref}"), 404)
