"""A warning wherever somebody about whom a red flag is open appears (rule 4): list, search, letters, referrals, walk."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from kneadwork.network import cards, connections, events, vetting
from kneadwork.network.models import Connection, Stream, Walk
from kneadwork.planning import walks
from kneadwork.practice.models import Role
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member
from tests.test_crossing import signed_in

FLAG = "⚠ red flag"


@pytest.fixture
def flagged(owner):
    """Somebody about whom a red flag is open, who sent somebody and can be written to and walked to."""
    made = a_connection("Kofi Osei", verdict="yes", phones=["206 555 0101"])
    connections.add_address(made, line1="1 Main St", city="Seattle", region="WA", postal="98101", by=owner)
    Connection.objects.filter(pk=made.pk).update(latitude=47.611, longitude=-122.33)
    referring.record(made, "June P.", on=TODAY, today=TODAY, by=owner)
    kept = walks.keep(
        walks.plan(owner.practice, minutes=60, start=datetime(2026, 11, 24, 10)), owner.practice, minutes=60, query="", by=owner
    )  # fmt: skip
    assert kept.stops.count() == 1
    vetting.raise_flag(made, "Sells packages of forty visits", on=TODAY, by=owner)
    return made


def addresses(here, owner) -> dict[str, str]:
    """The places where they appear."""
    evening = events.make("Library talk", on=TODAY, hoped_for=[here], by=owner)
    card = cards.collect(typed={"name": "Kofi Osei", "phone": "206 555 0101"}, by=owner)
    return {
        "event": reverse("network:event", args=[evening.ref]), "card": reverse("network:card_yes", args=[card.ref]),
        "list": reverse("network:list"), "search": reverse("network:list") + "?q=osei",
        "letters": reverse("network:letters") + f"?to={here.ref}", "referral": reverse("referrals:list"),
        "walk": reverse("network:walk", args=[Walk.objects.get().ref]),
        "introduce": reverse("network:introduce", args=[a_connection("Ana Ray").ref]) + "?q=osei",
    }  # fmt: skip


@pytest.mark.parametrize("where", ["list", "search", "letters", "referral", "walk", "introduce", "event", "card"])
def test_a_warning_stands_wherever_somebody_flagged_appears(owner, flagged, where):
    address, client = addresses(flagged, owner)[where], signed_in(owner.user)
    page = client.get(address).content.decode()
    assert "Kofi Osei" in page and FLAG in " ".join(page.split())
    vetting.resolve_flag(flagged.redflags.get(), "They stopped doing that", on=TODAY, by=owner)
    assert FLAG not in " ".join(client.get(address).content.decode().split())


@pytest.mark.parametrize("where", ["list", "search", "letters", "walk"])
def test_a_helper_is_warned_too(owner, flagged, where):
    page = signed_in(a_member(owner, Role.HELPER).user).get(addresses(flagged, owner)[where]).content.decode()
    assert "Kofi Osei" in page and FLAG in " ".join(page.split())


def test_their_own_page_says_what_was_seen(owner, flagged):
    page = signed_in(owner.user).get(reverse("network:connection", args=[flagged.ref])).content.decode()
    assert "red flag" in page.lower() and "Sells packages of forty visits" in page


def test_whom_a_client_was_flagged_about_is_nothing_for_a_helper(owner):
    made = a_connection("Zelda Quagmire", stream=Stream.CLIENTS)
    vetting.raise_flag(made, "canary", on=TODAY, by=owner)
    assert "Quagmire" not in signed_in(a_member(owner, Role.HELPER).user).get(reverse("network:list")).content.decode()
