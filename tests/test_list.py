"""Everyone in one list: filters in the address, tiles, orders, a cursor, and bulk work that can be undone."""

from __future__ import annotations

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.network import connections, listing, timeline, touching, vetting
from kneadwork.network.models import Connection, Provenance, Standing, Stream, Tag
from tests.builders import TODAY, a_connection, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def names(text: str) -> list[str]:
    rows = listing.found(listing.read_query(text), on=TODAY, all_streams=True)
    return [row.name for row in rows]


def test_the_list_says_where_everyone_stands(signed_in, owner):
    a_connection("Kofi Adeyemi", met=True)
    words = signed_in.get("/network").content.decode()
    for wanted in ("Kofi Adeyemi", "Medical", "Chiropractor", "Met", "Last in touch", "Next:"):
        assert wanted in words


def test_filters_narrow_the_list(owner):
    a_connection("Near", address={"line1": "1 Way", "city": "Seattle", "region": "WA", "postal": "98101"})
    a_connection("Far", address={"line1": "1 Way", "city": "Spokane", "region": "WA", "postal": "99201"})
    a_connection("Nowhere", stream="personal")
    assert names("within_m=16000") == ["Near"]
    assert names("stream=personal") == ["Nowhere"]
    assert sorted(names("profession=chiropractor")) == ["Far", "Near"]


@pytest.mark.parametrize("order", ["rank", "likely", "good", "name", "recent"])
def test_every_order_walks_through_everyone_once(owner, order):
    for number in range(7):
        a_connection(f"Person {number}", met=number % 2 == 0)
    Standing.objects.filter(name__in=["Person 1", "Person 4"]).update(good=0.5)
    Standing.objects.filter(name="Person 2").update(good=0.9)
    filters, cursor, seen = listing.Filters(order=order), "", []
    for _page in range(4):
        page = listing.page(filters, on=TODAY, all_streams=True, cursor=cursor, limit=2)
        seen += [row.name for row in page.rows]
        cursor = page.next
    assert cursor == ""
    assert seen == [row.name for row in listing.found(filters, on=TODAY, all_streams=True)]
    assert sorted(seen) == [f"Person {n}" for n in range(7)]


def test_good_for_us_orders_the_known_before_the_unknown(owner):
    for name in ("Unknown", "Fair", "Best"):
        a_connection(name)
    Standing.objects.filter(name="Fair").update(good=0.4)
    Standing.objects.filter(name="Best").update(good=0.9)
    assert names("order=good") == ["Best", "Fair", "Unknown"]


@pytest.mark.parametrize("query", ["order=secret", "stage=loved", "stream=x", "likely=nan", "within_m=far", "cursor=x"])
def test_what_is_on_no_list_is_refused_calmly(signed_in, query):
    answer = signed_in.get(f"/network?{query}")
    assert answer.status_code == 400
    assert "Show everyone" in answer.content.decode()


def test_tiles_count_and_filter(signed_in, owner):
    a_connection("One")
    a_connection("Two", stream="business", profession="gym")
    tiles = {t.key: t for t in listing.tiles(listing.Filters(), on=TODAY, all_streams=True)}
    assert (tiles["medical"].count, tiles["business"].count, tiles["clients"].count) == (1, 1, 0)
    words = signed_in.get(f"/network?{tiles['business'].query}").content.decode()
    assert "Two" in words
    assert "One</a>" not in words


def test_the_ticked_ones_change_streams_and_back(signed_in, owner):
    chosen, other = a_connection("Chosen"), a_connection("Other")
    answer = signed_in.post("/network/bulk", {"chosen": [chosen.ref], "stream": "business"}, follow=True)
    assert dict(Connection.objects.values_list("name", "stream")) == {"Chosen": "business", "Other": "medical"}
    act = Act.objects.filter(kind="stream").get()
    assert act.ref in answer.content.decode()
    undo.undo(act, by=owner)
    assert set(Connection.objects.values_list("stream", flat=True)) == {other.stream}


def test_everyone_who_matches_is_changed_on_all_pages(signed_in, owner):
    for number in range(listing.PAGE + 3):
        a_connection(f"Person {number}")
    a_connection("Gym", stream="business", profession="gym")
    signed_in.post("/network/bulk", {"all": "1", "filters": "stream=medical", "tag": "spring"})
    assert Tag.objects.filter(name="spring").count() == listing.PAGE + 3
    assert not Tag.objects.filter(connection__name="Gym").exists()


def test_more_than_one_change_takes_on_are_refused(owner):
    for number in range(3):
        a_connection(f"Person {number}")
    with pytest.raises(listing.FilterRefused):
        listing.everyone(listing.Filters(), on=TODAY, all_streams=True, at_most=2)


def test_bulk_work_never_reaches_clients_a_member_may_not_see(owner):
    a_connection("June", stream=Stream.CLIENTS)
    a_connection("Kofi")
    ids = listing.everyone(listing.Filters(), on=TODAY, all_streams=False, at_most=10)
    assert list(Connection.objects.filter(pk__in=ids).values_list("name", flat=True)) == ["Kofi"]


def test_a_connections_page_says_where_its_values_came_from(signed_in, owner):
    here = a_connection("Kofi")
    assert "Where this came from" in signed_in.get(f"/connections/{here.ref}").content.decode()
    assert "written by hand" in signed_in.get(f"/connections/{here.ref}/sources").content.decode()
    Provenance.everywhere.bulk_create(
        [Provenance(practice=owner.practice, connection=here, field="phone", value="206-555-0101", origin="cards.vcf",
                    noted_at=now())]
    )  # fmt: skip
    words = signed_in.get(f"/connections/{here.ref}/sources").content.decode()
    for wanted in ("Telephone", "cards.vcf", "206-555-0101"):
        assert wanted in words


def test_a_long_history_shows_the_newest_first_and_all_on_request(signed_in, owner):
    here = a_connection("Kofi")
    for number in range(timeline.FEW + 2):
        touching.log(here, "call", on=TODAY, today=TODAY, words=f"call number {number}.", by=owner)
    words = signed_in.get(f"/connections/{here.ref}").content.decode()
    assert "Show the earlier ones" in words
    assert "call number 0." not in words
    words = signed_in.get(f"/connections/{here.ref}?all=1").content.decode()
    assert "call number 0." in words


def test_what_moved_the_scores_stands_there_as_sentences(signed_in, owner):
    here = a_connection("Kofi", met=True, gifts=1)
    words = signed_in.get(f"/connections/{here.ref}").content.decode()
    assert "Raises it: You gave first" in words


def test_several_people_of_one_office_are_shown_as_one_office_with_its_people(client, owner):
    from django.urls import reverse

    from kneadwork.network.models import Connection

    door = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}
    together = [a_connection(f"Doctor Number{n}, DC", organisation="Ballard Spine", address=door) for n in range(3)]
    alone = a_connection("Somebody Alone, DC", address=door)
    key = Connection.objects.get(pk=together[0].pk).office_key
    client.force_login(owner.user)
    shown = client.get(reverse("network:list")).content.decode()
    assert shown.count("one office of 3") == 3
    office = client.get(reverse("network:list") + f"?office={key}").content.decode()
    assert "One office and its people" in office and all(c.name in office for c in together)
    assert alone.name not in office


def test_a_connections_page_shows_its_tags_and_a_red_flag_is_resolved_there(signed_in, owner):
    here = a_connection("Kofi", verdict="yes", met=True)
    connections.tag([here], "spring walk", by=owner)

    def page() -> str:
        return signed_in.get(f"/connections/{here.ref}").content.decode()

    vetting.raise_flag(here, "Promises a cure", on=TODAY, by=owner)
    assert "?tag=spring%20walk" in page() and "Promises a cure" in page() and "It is resolved" in page()
    flag = here.redflags.get()
    signed_in.post(f"/connections/{here.ref}/flags", {"flag": flag.pk, "reason": "They took the page down"})
    flag.refresh_from_db()
    assert flag.resolution == "They took the page down" and "It is resolved" not in page()


def test_somebody_of_two_professions_is_found_by_either(practice, owner, capsys):
    from kneadwork.common import acts
    from kneadwork.network import adding, listing

    with acts.act("test", by=owner):
        both = a_connection("Ann Kim, MD", profession="sports_medicine_physician")
        both.professions = ["sports_medicine_physician", "general_physician"]
        both.save()
    a_connection("Bo Li, DC")
    adding.add_all([{"name": "Cy Lee", "profession": "general_physician"}], by=owner)
    for profession, names in (
        ("sports_medicine_physician", ["Ann Kim, MD"]), ("general_physician", ["Ann Kim, MD", "Cy Lee"]), ("nobody", []),
    ):  # fmt: skip
        filters = listing.Filters(profession=profession, order="name")
        shown = listing.page(filters, on=TODAY, all_streams=True).rows
        assert [row.name for row in shown] == names
        assert listing.total(filters, on=TODAY, all_streams=True) == len(names)
