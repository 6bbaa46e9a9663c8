"""Who sent a client, as a booking file says it: linked to the one who is meant, never to somebody else without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import importing
from kneadwork.network import connections
from kneadwork.network.models import Connection, MergeProposal
from kneadwork.planning import explaining
from kneadwork.referrals.models import Referral
from tests.builders import TODAY, a_connection
from tests.test_imports import pictures

DESK = "206-555-0150"


@pytest.fixture
def bring(practice, tmp_path):
    """Import a booking file with one client for each (name, who sent them, their telephone)."""

    def run(*clients: tuple[str, str, str]) -> dict:
        path = Path(tmp_path / "clients.csv")
        rows = [f"{name.replace(' ', ',')},2026-10-01,{by},{phone}\n" for name, by, phone in clients]
        path.write_text("First Name,Last Name,Last Visit,Referred By,Referred By Phone\n" + "".join(rows))
        return importing.import_file(path, practice=practice, by_name="test")

    return run


def senders() -> dict[str, str]:
    """Who sent whom."""
    return dict(Referral.objects.values_list("person", "connection__name"))


def test_of_those_who_share_an_office_telephone_the_one_named_is_meant(bring):
    a_connection("Adam Stone, PT", phones=[DESK])
    a_connection("Beth Ray, DC", phones=[DESK])
    bring(("Cara Fox", "Beth Ray", DESK), ("Dan Elk", "Dr. Ray", DESK))
    assert senders() == {"Cara Fox": "Beth Ray, DC", "Dan Elk": "Beth Ray, DC"}


def test_a_name_that_fits_nobody_at_that_telephone_is_somebody_new_who_may_be_the_same(bring):
    adam = a_connection("Adam Stone, PT", phones=[DESK])
    bring(("Cara Fox", "Nina Wolf", DESK))
    nina = Connection.objects.get(name="Nina Wolf")
    assert senders() == {"Cara Fox": "Nina Wolf"}
    assert MergeProposal.objects.values_list("low_id", "high_id").get() == (adam.pk, nina.pk)


def test_of_two_with_one_name_neither_is_taken_without_a_word(bring, owner):
    before = {a_connection("John Smith").pk, a_connection("John Smith", stream="business").pk}
    bring(("Cara Fox", "John Smith", ""), ("Dan Elk", "john smith", ""))
    [stands_for] = {r.connection_id for r in Referral.objects.all()}
    assert stands_for not in before
    assert {p.low_id for p in MergeProposal.objects.filter(high=stands_for)} == before
    bring(("Eve Hart", "John Smith", ""))
    assert {r.connection_id for r in Referral.objects.all()} == {stands_for}
    assert Connection.objects.filter(name__iexact="John Smith").count() == 3


def test_of_two_with_one_name_the_one_whose_telephone_is_given_is_meant(bring):
    a_connection("John Smith")
    there = a_connection("John Smith", phones=[DESK])
    bring(("Cara Fox", "John Smith", DESK))
    assert Referral.objects.get().connection_id == there.pk


def test_a_name_is_recognised_whatever_its_accents_capitals_and_credentials(bring):
    a_connection("José Álvarez, DC")
    bring(("Cara Fox", "JOSE ALVAREZ", ""))
    assert senders() == {"Cara Fox": "José Álvarez, DC"}


def test_a_former_name_is_recognised(bring, owner):
    here = a_connection("Jane Roe-Smith", other_names=["Jane Roe"])
    bring(("Cara Fox", "Jane Roe", ""))
    assert Referral.objects.get().connection_id == here.pk


def test_a_client_of_the_same_file_may_have_sent_another(bring):
    bring(("Cara Fox", "Dan Elk", ""), ("Dan Elk", "Somebody New", ""), ("Eve Hart", "Somebody New", ""))
    assert senders() == {"Cara Fox": "Dan Elk", "Dan Elk": "Somebody New", "Eve Hart": "Somebody New"}
    assert Connection.objects.count() == 4


def test_nobody_sends_themselves(bring):
    bring(("Cara Fox", "Cara Fox", ""))
    assert Connection.objects.filter(name="Cara Fox").count() == 2 and MergeProposal.objects.count() == 1


def test_taken_back_no_source_is_left(bring, owner):
    a_connection("John Smith")
    a_connection("John Smith", phones=[DESK])
    before = pictures()
    answer = bring(("Cara Fox", "John Smith", ""), ("Dan Elk", "Nina Wolf", DESK))
    assert bring(("Cara Fox", "John Smith", ""), ("Dan Elk", "Nina Wolf", DESK))["unchanged"] == 2
    importing.undo(answer["import"], by_name="test")
    assert pictures() == before
    assert undo.is_undone(Act.objects.filter(kind="import").earliest("pk"))


def test_however_many_are_named_the_database_is_asked_as_often(bring, django_assert_max_num_queries):
    for number in range(20):
        connections.add(f"Known Source{number}", by_name="test")
    many = [(f"Client Number{n}", f"Known Source{n % 20}", "") for n in range(60)]
    with django_assert_max_num_queries(160):
        bring(*many)
    assert Referral.objects.count() == 60


def test_an_office_that_sent_somebody_is_an_organisation_with_its_profession(bring):
    bring(("Cara Fox", "Ballard Chiropractic", ""), ("Dan Elk", "Windermere Real Estate", ""))
    spine, homes = Connection.objects.filter(referrals__isnull=False).order_by("name")
    assert (spine.kind, spine.stream, spine.profession) == ("organisation", "medical", "chiropractor")
    assert (homes.kind, homes.stream, homes.profession) == ("organisation", "business", "realtor")
    assert not spine.given and not spine.family


@pytest.mark.parametrize("answer", ["search engine", "my doctor", "Yes", "I don't remember", "Thumbtack", "husband"])
def test_an_answer_that_names_nobody_makes_nobody_and_stays_as_words(bring, answer):
    bring(("Cara Fox", answer, ""))
    assert Connection.objects.get().met_through == answer and not Referral.objects.exists()


@pytest.fixture
def told(practice, tmp_path):
    """Import a booking file of these columns with one row; answers what was recorded of who sent them."""

    def run(titles: str, row: str) -> Referral:
        path = Path(tmp_path / "days.csv")
        path.write_text(f"First Name,Last Name,Client ID,{titles},Referred By\nAna,Ruiz,7,{row},Older Source\n")
        importing.import_file(path, practice=practice, by_name="test")
        return Referral.objects.get()

    return run


@pytest.mark.parametrize(("titles", "row", "on", "day_known"), [
    ("Last Visit", "2013-01-02", "2013-01-02", False),
    ("First Visit,Last Visit", "2012-05-06,2013-01-02", "2012-05-06", True),
    ("Client Since,First Visit,Last Visit", "2012-06-01,2012-05-06,2013-01-02", "2012-05-06", True),
    ("Client Since,Last Visit", "2014-06-01,2013-01-02", "2013-01-02", False),
])  # fmt: skip
def test_a_referral_is_no_later_than_any_visit_that_is_known(told, practice, titles, row, on, day_known):
    sent = told(titles, row)
    assert (str(sent.on), sent.day_known) == (on, day_known)
    assert sent.connection.standing.stage == "found"
    [shown] = explaining.documents([sent.connection.standing], practice, on=TODAY, all_streams=True)
    assert "two years" not in str(shown)


@pytest.mark.parametrize(("titles", "row"), [("Visits", "3"), ("Last Visit", "2999-01-02")])
def test_where_no_day_is_known_it_is_the_one_on_which_the_file_came_and_is_said_to_be(told, practice, titles, row):
    from kneadwork.practice.setting_up import today

    sent = told(titles, row)
    assert (sent.on, sent.day_known) == (today(practice), False)


def test_a_visit_known_from_an_earlier_file_dates_a_referral_that_is_told_of_later(told, practice, tmp_path):
    path = tmp_path / "earlier.csv"
    path.write_text("First Name,Last Name,Client ID,Last Visit\nAna,Ruiz,7,2013-01-02\n")
    importing.import_file(path, practice=practice, by_name="test")
    sent = told("Last Visit", "2026-10-01")
    assert (str(sent.on), sent.day_known) == ("2013-01-02", False)
