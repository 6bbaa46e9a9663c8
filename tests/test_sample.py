"""The sample practice: built through the verbs, everybody made up, its pages alive."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kneadwork.common.tenancy import acting_in
from kneadwork.demo import gathered, sample
from kneadwork.network import cards, introducing
from kneadwork.network.models import Card, CardReading, Connection, Touch, Walk
from kneadwork.practice.setting_up import today
from tests.builders import do_jobs
from tests.test_crossing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return sample.build()


def test_the_sample_practice_shows_every_page_alive(owner):
    page = signed_in(owner.user)
    with acting_in(owner.practice_id):
        day = today(owner.practice)
        assert cards.waiting(day).count() == 3 and cards.gone_soon().count() == 1
        assert introducing.open_ones().count() == 1 and Walk.objects.get().stops.count() >= 3
        walk = reverse("network:walk", args=[Walk.objects.get().ref])
    shown = {
        name: page.get(reverse(name)).content.decode()
        for name in ("network:events", "network:cards", "network:map", "network:walks")
    }
    assert (
        "Evening on running injuries" in shown["network:events"] and "Decide about 3 cards" in shown["network:events"]
    )
    assert "1 of 3" in " ".join(shown["network:cards"].split()) or "Nadia" in shown["network:cards"]
    assert (
        "stops" in page.get(walk).content.decode()
        and "Greta Holm" in page.get(reverse("network:list") + "?q=greta").content.decode()
    )


def test_whoever_has_a_history_in_it_is_made_up(owner):
    with acting_in(owner.practice_id):
        assert not Connection.objects.filter(touches__isnull=False, sample=False).exists() and Touch.objects.exists()
        told = " ".join(
            f"{c.name} {c.contactpoints.values_list('value', flat=True)}"
            for c in Connection.objects.filter(sample=True)
        )
    numbers = re.findall(r"\(215\) 555-\d{4}", " ".join(" ".join(lines) for lines, *_more in gathered.CARDS))
    assert len(numbers) == len(gathered.CARDS) and all("555-01" in n for n in numbers) and "@people.example" in told


def test_its_cards_are_read_as_they_are_drawn(owner):
    with acting_in(owner.practice_id):
        do_jobs()
        told = [
            cards.told(card, CardReading.objects.filter(card=card).first())
            for card in Card.objects.order_by("captured_at")
        ]
    for (lines, *_more), read in zip(gathered.CARDS, told, strict=True):
        assert (
            read["name"].split(",")[0] == lines[0].split(",")[0] and "215" in read["phone"] and read["email"] in lines
        )
