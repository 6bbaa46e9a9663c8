"""Adding by hand: a name and one word, and where somebody belongs follows from them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kneadwork.network.models import Connection
from kneadwork.practice.models import Role
from tests.builders import a_member


@pytest.mark.parametrize(("given", "stream", "profession", "kind"), [
    ({"name": "Jo Smith", "how_known": "client"}, "clients", "", "person"),
    ({"name": "Jo Smith", "how_known": "neighbour"}, "personal", "", "person"),
    ({"name": "Ballard Chiropractic LLC"}, "medical", "chiropractor", "organisation"),
    ({"name": "Ana Ruiz, DC", "how_known": "my client"}, "clients", "", "person"),
    ({"name": "Ana Ruiz, DC"}, "medical", "chiropractor", "person"),
    ({"name": "Ana Ruiz, DC", "stream": "medical"}, "medical", "chiropractor", "person"),
    ({"name": "Jo Smith", "how_known": "client", "stream": "business"}, "business", "", "person"),
    ({"name": "!!!"}, "personal", "", "person"),
])  # fmt: skip
def test_where_somebody_belongs_follows_from_what_is_said(client, owner, given, stream, profession, kind):
    client.force_login(owner.user)
    answer = client.post(reverse("network:add"), given, follow=True)
    made = Connection.objects.get()
    assert (made.stream, made.profession, made.kind) == (stream, profession, kind)
    assert "autofocus" in answer.content.decode()


def test_what_a_helper_adds_is_no_client(client, owner):
    client.force_login(a_member(owner, Role.HELPER).user)
    client.post(reverse("network:add"), {"name": "Jo Smith", "how_known": "client"})
    assert Connection.objects.get().stream == "personal"
