"""Two that may be one, as a therapist sees them: side by side, one tap either way, undo."""

from __future__ import annotations

import pytest

from kneadwork.common.tenancy import acting_in
from kneadwork.network import touching
from kneadwork.network.models import Connection, MergeProposal, NotTheSame
from tests.browser import axe
from tests.builders import TODAY, a_connection, an_owner, now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def doubtful():
    """The owner of a practice with two who may be one."""
    from kneadwork.common import acts

    member = an_owner()
    with acting_in(member.practice_id):
        one = a_connection("Amara Lindqvist DC", phones=["206-555-0101"], organisation="Ballard Spine")
        other = a_connection("A. Lindqvist", stream="personal", phones=["206-555-0101"], emails=["amara@spine.example"])
        touching.log(other, "visit", on=TODAY, today=TODAY, by=member)
        low, high = sorted((one.pk, other.pk))
        with acts.act("test", by=member):
            MergeProposal(low_id=low, high_id=high, reason="the same telephone, another name", proposed_at=now()).save()
    return member


@pytest.mark.parametrize("width, dark", [(390, False), (1280, True)])
def test_two_become_one_and_are_taken_apart_again(page_at, doubtful, width, dark):
    page = page_at(width, dark=dark, member=doubtful)
    page.goto("/network/doubles")
    axe(page)
    page.get_by_role("link", name="Look at both").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("radio", name="A. Lindqvist").check()
    page.get_by_role("button", name="The same: make one of them").click()
    page.get_by_role("heading", name="A. Lindqvist").wait_for()
    with acting_in(doubtful.practice_id):
        one = Connection.objects.get()
        assert one.organisation == "Ballard Spine" and one.touches.count() == 1
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_load_state()
    with acting_in(doubtful.practice_id):
        assert Connection.objects.count() == 2 and MergeProposal.objects.count() == 1


def test_not_the_same_is_one_tap_without_script(page_at, doubtful):
    page = page_at(390, javascript=False, member=doubtful)
    page.goto("/network/doubles")
    page.get_by_role("link", name="Look at both").click()
    page.get_by_role("button", name="Not the same").click()
    page.get_by_text("Nobody here looks like somebody else").wait_for()
    with acting_in(doubtful.practice_id):
        ids = tuple(Connection.objects.order_by("pk").values_list("pk", flat=True))
        assert NotTheSame.objects.values_list("low_id", "high_id").get() == ids


def test_the_other_one_is_found_by_name(page_at, doubtful):
    page = page_at(1280, member=doubtful)
    with acting_in(doubtful.practice_id):
        other = Connection.objects.get(name="A. Lindqvist")
    page.goto(f"/connections/{other.ref}/like?q=amara")
    axe(page)
    page.get_by_role("link", name="Look at both").click()
    page.get_by_role("heading", name="One person or two?").wait_for()
