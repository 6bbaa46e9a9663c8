"""Guards word for word: what the policy allows, who holds which right, how cookies are set, what the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from kneadwork.api.tests.program import Program
from kneadwork.common import row_security
from kneadwork.common.tenancy import acting_in, in_scope
from kneadwork.network.models import Connection
from kneadwork.practice.models import Role
from kneadwork.practice.rights import RIGHTS, Right, may
from tests.builders import a_connection, a_member, an_owner, now
from tests.installation import Installation, founded

#: PRODUCT.md, Roles: each right and who holds it.
HELD = {
    Right.NETWORK: {Role.OWNER, Role.THERAPIST, Role.FRONT_DESK, Role.HELPER},
    Right.LETTERS: {Role.OWNER, Role.THERAPIST, Role.FRONT_DESK, Role.HELPER},
    Right.CLIENTS: {Role.OWNER, Role.THERAPIST, Role.FRONT_DESK},
    Right.REFERRALS: {Role.OWNER, Role.THERAPIST, Role.FRONT_DESK},
    Right.VERDICTS: {Role.OWNER, Role.THERAPIST},
    Right.IMPORT: {Role.OWNER, Role.THERAPIST},
    Right.PRACTICE: {Role.OWNER, Role.THERAPIST},
    Right.EXPORT: {Role.OWNER, Role.THERAPIST},
    Right.HISTORY: {Role.OWNER, Role.THERAPIST},
    Right.TOKENS: {Role.OWNER, Role.THERAPIST},
    Right.PEOPLE: {Role.OWNER},
    Right.OVERRIDE: {Role.OWNER},
    Right.CHECKLISTS: {Role.OWNER},
}


# Rights


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("right", list(Right))
def test_each_role_holds_the_rights_that_the_product_gives_it_and_no_other(owner, role, right):
    member = owner if role == Role.OWNER else a_member(owner, role)
    assert may(member, right) is (role in HELD[right])


@pytest.mark.parametrize("role", Role.values)
def test_who_left_holds_nothing_and_an_unknown_role_neither(owner, role):
    member = a_member(owner, role)
    member.left_at = now()
    assert not any(may(member, right) for right in Right)
    member.left_at, member.role = None, "somebody"
    assert not any(may(member, right) for right in Right) and set(RIGHTS) == set(Role.values)


# What a browser is told


def directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def test_the_policy_lets_in_nothing_but_what_is_served_here(client, owner):
    client.force_login(owner.user)
    answers = [
        client.get(reverse("network:list")),
        client.get("/nowhere"),
        client.get(reverse("public:healthz")),
        Program(owner).get("/today"),
        Program().get("/today"),
    ]
    assert [a.status_code for a in answers] == [200, 404, 200, 200, 401]
    for answer in answers:
        told = directives(answer["Content-Security-Policy"])
        assert told["default-src"] == told["object-src"] == told["base-uri"] == told["frame-ancestors"] == {"'none'"}
        assert told["script-src"] == told["style-src"] == told["form-action"] == told["connect-src"] == {"'self'"}
        assert told["img-src"] <= {"'self'", "data:", "blob:"}
        allowed = set().union(*told.values())
        assert not any(word.startswith(("'unsafe", "*", "http", "'nonce", "'sha")) for word in allowed)


COOKIES = """
from django.test import Client
from kneadwork.practice import signing_in
from kneadwork.practice.models import User
browser = Client(HTTP_HOST="hands.example", HTTP_X_KNEADWORK_PROTO="https")
address = f"/sign-in/{signing_in.sign_in_address(User.objects.get())}"
cookies = dict(browser.get(address).cookies) | dict(browser.post(address).cookies)
answer = {name: cookie.OutputString() for name, cookie in cookies.items()}
"""


@pytest.mark.database
def test_behind_a_public_address_every_cookie_is_bound_to_the_host_and_to_https(tmp_path):
    made = Installation(tmp_path / "home", founded())
    made.environment["KNEADWORK_PUBLIC_URL"] = "https://hands.example"
    cookies = made.inside(COOKIES)
    assert set(cookies) == {"__Host-csrf", "__Host-session"}
    for cookie in cookies.values():
        parts = {part.strip().casefold() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts, cookie
        assert not any(part.startswith("domain") for part in parts)


# What the database itself refuses (PostgreSQL)


@pytest.fixture
def two(transactional_db) -> tuple:
    """Two practices with a connection each, and the scope of none of them."""
    made = an_owner(), an_owner()
    for owner in made:
        with acting_in(owner.practice_id):
            a_connection(f"Of {owner.practice.name}", by=owner)
    return made


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


@pytest.mark.only("postgresql")
def test_without_a_scope_no_table_shows_a_row(two):
    with acting_in(two[0].practice_id):
        filled = [table for table in row_security.tables() if rows(table)]
    assert {"network_connection", "common_act", "common_change", "practice_member"} <= set(filled)
    for table in row_security.tables():
        with transaction.atomic():
            assert rows(table) == 0, table


@pytest.mark.only("postgresql")
def test_a_scope_ends_with_its_transaction(two):
    with acting_in(two[0].practice_id):
        assert rows("network_connection") == 1
    with transaction.atomic():
        assert rows("network_connection") == 0


@pytest.mark.only("postgresql")
def test_in_one_scope_nothing_of_another_is_read_changed_removed_or_made(two):
    ours, theirs = two
    with acting_in(theirs.practice_id):
        hidden = Connection.objects.get()
    with transaction.atomic(), in_scope(ours.practice_id):
        assert set(Connection.everywhere.values_list("practice_id", flat=True)) == {ours.practice_id}
        assert Connection.everywhere.filter(pk=hidden.pk).update(name="Taken") == 0
        assert Connection.everywhere.filter(pk=hidden.pk)._raw_delete("default") == 0
    hidden.pk, hidden.id = None, hidden.pk + 1
    with pytest.raises(ProgrammingError, match="row-level security"):
        with transaction.atomic(), in_scope(ours.practice_id):
            Connection.everywhere.bulk_create([hidden])
    with acting_in(theirs.practice_id):
        assert Connection.objects.get().name != "Taken"


@pytest.mark.only("postgresql")
def test_the_role_of_the_application_cannot_switch_row_security_off(two):
    assert row_security.unguarded() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    with pytest.raises(ProgrammingError):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL row_security = off")
            cursor.execute("SELECT count(*) FROM network_connection")
