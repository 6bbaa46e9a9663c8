"""Adding many at once leaves what adding one by one would."""

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act, Change
from kneadwork.network import adding, connections
from kneadwork.network.models import Address, Connection, ContactPoint, Standing
from tests.builders import a_connection

PEOPLE = [
    {"name": "Dr. Ana  Ruiz", "profession": "chiropractor", "phones": ["206 555 0101", "(206) 555-0101", "206 555 0102"],
     "emails": ["Ana@Ruiz.example"], "address": {"line1": "1 Pine St", "city": "Seattle", "region": "WA", "postal": "98101"}},
    {"name": "Corner Yoga", "kind": "organisation", "stream": "business", "note": "Upstairs"},
    {"name": "Bo Friend", "how_known": "School"},
    {"name": "Amara Lindqvist, DC"},
    {"name": "Kofi Adeyemi", "credentials": "DPT", "profession": "", "stream": ""},
    {"name": "Vera Moss, MD", "emails": ["vera@moss.example"]},
]  # fmt: skip
OWN = {"id", "practice_id", "connection_id", "added_at", "as_of"}


def picture(connection: Connection) -> tuple:
    """Everything kept of a connection but ids and moments."""

    def plain(rows) -> list[dict]:
        return [{k: v for k, v in row.items() if k not in OWN} for row in rows.values()]

    pk = connection.pk
    points = ContactPoint.objects.filter(connection=pk).order_by("kind", "pk")
    standing = Standing.objects.filter(connection=pk)
    return (plain(Connection.objects.filter(pk=pk)), plain(points), plain(Address.objects.filter(connection=pk)),
            plain(standing))  # fmt: skip


def test_many_at_once_are_as_one_by_one(owner):
    at_once = adding.add_all(PEOPLE, by=owner)
    one_by_one = [connections.add(**given, by=owner) for given in PEOPLE]
    assert [picture(c) for c in at_once] == [picture(c) for c in one_by_one]
    assert picture(at_once[0])[1][1]["preferred"] and len(picture(at_once[0])[1]) == 3


def test_credentials_say_what_they_do_one_by_one_and_many_at_once(owner):
    amara, kofi, vera = adding.add_all(PEOPLE, by=owner)[3:]
    assert (amara.stream, amara.profession, amara.credentials, amara.suffix) == ("medical", "chiropractor", "DC", "")
    assert (kofi.stream, kofi.profession) == ("medical", "physical_therapist")
    assert (vera.stream, vera.profession, vera.credentials) == ("medical", "", "MD")


@pytest.mark.parametrize("wrong", [{"phones": ["12"]}, {"emails": ["not an email"]}, {"stream": "friends"}])
def test_one_that_cannot_be_kept_refuses_all_and_is_named(owner, wrong):
    with pytest.raises(adding.OneRefused) as refused:
        adding.add_all([*PEOPLE, {"name": "Wren Odd"} | wrong], by=owner)
    assert refused.value.number == len(PEOPLE) and not Connection.objects.exists()


def test_many_at_once_are_one_act_that_can_be_taken_back(owner):
    made = adding.add_all(PEOPLE, by=owner)
    act = Act.objects.get(kind="add")
    assert act.by == owner and Change.objects.filter(act=act).count() == 6 + 4 + 1
    undo.undo(act, by=owner)
    assert not Connection.objects.filter(pk__in=[c.pk for c in made]).exists()


def test_one_without_a_name_refuses_all_and_is_named(practice):
    with pytest.raises(adding.OneRefused) as refused:
        adding.add_all([*PEOPLE, {"name": "  "}], by_name="test")
    assert refused.value.number == len(PEOPLE) and Connection.objects.count() == 0


def test_many_take_as_many_queries_as_few(practice, django_assert_max_num_queries):
    a_connection("Warm Caches")
    with django_assert_max_num_queries(45):
        adding.add_all(
            [{"name": f"Person Number{n}", "phones": [f"206 555 01{n:02d}"]} for n in range(90)], by_name="test"
        )
