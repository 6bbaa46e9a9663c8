"""Tenants never touch: no query without a scope, and on PostgreSQL no row without it either."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.urls import URLPattern, get_resolver

from kneadwork.common import row_security
from kneadwork.common.tenancy import Unscoped, acting_in, in_scope
from kneadwork.network.models import Connection
from kneadwork.practice.rights import RIGHTS, Right, may
from tests.builders import a_connection, an_owner


@pytest.mark.django_db
def test_a_query_without_a_practice_is_refused():
    with pytest.raises(Unscoped):
        Connection.objects.count()


@pytest.mark.django_db
def test_another_practice_sees_nothing():
    one, other = an_owner(), an_owner()
    with acting_in(one.practice_id):
        hidden = a_connection("Only Ours")
    with acting_in(other.practice_id):
        assert not Connection.objects.filter(pk=hidden.pk).exists()


@pytest.mark.django_db
def test_the_database_itself_refuses_rows_of_another_practice():
    if connection.vendor != "postgresql":
        assert row_security.tables()
        return
    assert row_security.unguarded() == []
    one, other = an_owner(), an_owner()
    with acting_in(one.practice_id):
        a_connection("Only Ours")
    with transaction.atomic(), in_scope(other.practice_id):
        assert Connection.everywhere.count() == 0


def routes(patterns=None) -> list:
    """Every view of our own in the map of addresses."""
    found = []
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(pattern.callback)
        else:
            found += routes(pattern.url_patterns)
    return [v for v in found if v.__module__.startswith("kneadwork.")]


def test_every_view_names_the_right_it_needs_or_that_it_needs_none():
    assert [v.__name__ for v in routes() if not hasattr(v, "right")] == []
    assert len(routes()) > 25


def test_somebody_who_left_and_nobody_hold_no_right():
    assert not any(may(None, right) for right in Right)
    assert RIGHTS.get("unknown", frozenset()) == frozenset()


@pytest.mark.django_db
def test_one_tenant_cannot_open_any_page_of_another(client):
    one, other = an_owner(), an_owner()
    with acting_in(one.practice_id):
        hidden = a_connection("Only Ours")
    client.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (f"/connections/{hidden.ref}", f"/connections/{hidden.ref}/edit"):
        assert client.get(address).status_code == 404
    assert client.post(f"/connections/{hidden.ref}/touches", {"channel": "call"}).status_code == 404
    assert client.post(f"/connections/{hidden.ref}/remove").status_code == 404
    with acting_in(one.practice_id):
        assert Connection.objects.filter(pk=hidden.pk).exists()
