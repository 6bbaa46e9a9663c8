"""Nothing leaves the practice but by the one gate: held over every file, and shown to catch a breach."""

from __future__ import annotations

import re

import pytest

from kneadwork.network import resting
from kneadwork.outreach import delivery, emails, typesetting
from kneadwork.planning import rules
from tests import house
from tests.builders import TODAY, a_connection


def test_nothing_goes_round_the_gate():
    walked = dict(house.files())
    assert len(walked) > 200 and "outreach/delivery.py" in walked
    assert [breach for place, text in walked.items() for breach in house.breaches(place, text)] == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("pages/today/planted.py", "import smtplib"),
        ("pages/today/planted.py", "from django.core.mail import send_mail"),
        ("referrals/planted.py", "from django.core import mail"),
        ("outreach/letters.py", "from email.message import EmailMessage"),
        ("exchange/planted.py", "import typst"),
        ("exchange/planted.py", "import importlib\nimportlib.import_module('typst')"),
        ("pages/network/planted.py", "from kneadwork.outreach import typesetting"),
        ("pages/network/planted.py", "from kneadwork.outreach import delivery\ndelivery.letters_pdf([])"),
        ("api/planted.py", "from kneadwork.outreach.delivery import letters_pdf"),
        ("outreach/letters.py", "from kneadwork.outreach import typesetting\ntypesetting.letters_pdf([])"),
        ("outreach/letters.py", "from kneadwork.outreach.typesetting import labels_pdf"),
        ("outreach/planted.py", "from kneadwork.outreach import calendar_files\ncalendar_files.feed([], name='')"),
        ("outreach/planted.py", "from kneadwork.outreach.calendar_files import feed"),
        ("pages/public/planted.py", "from kneadwork.outreach import calendar_files"),
        ("exchange/planted.py", "import httpx"),
        ("exchange/planted.py", "from caldav import DAVClient"),
        ("pages/public/planted.py", "from kneadwork.network.models import Client"),
        ("pages/public/planted.py", "from kneadwork.referrals.models import Referral"),
    ],
)
def test_a_planted_breach_is_caught(place, text):
    assert house.breaches(place, text)


SENDER = typesetting.Sender(("Practice 1",), "Robin Hale", "LMT", "23 November 2026")


def a_piece(*releases) -> delivery.Piece:
    return delivery.Piece(typesetting.LetterSheet(("Zelda",), "Dear Zelda", ("Your patient came in.",)), releases)


def test_what_did_not_pass_the_gate_is_not_set(practice):
    zelda = a_connection("Zelda Fitz")
    released = delivery.release("letter", zelda, purpose="outreach", says="", by_name="test")
    assert delivery.letters_pdf([a_piece(released)], sender=SENDER).startswith(b"%PDF")
    other = delivery.release("email", zelda, purpose="outreach", says="", by_name="test")
    for wrong in (a_piece(), a_piece(None), a_piece(released, None), a_piece(other), a_piece(delivery.Release())):
        with pytest.raises(delivery.NotReleased):
            delivery.letters_pdf([wrong], sender=SENDER)
        with pytest.raises(delivery.NotReleased):
            delivery.labels_pdf([delivery.Piece(("Zelda",), wrong.releases)])


def test_a_stop_said_since_is_asked_again_when_letters_are_set(practice):
    zelda = a_connection("Zelda Fitz")
    released = delivery.release("letter", zelda, purpose="outreach", says="", by_name="test")
    resting.stop(zelda, on=TODAY, how="said so", by_name="test")
    with pytest.raises(delivery.NotReleased, match="Zelda Fitz"):
        delivery.letters_pdf([a_piece(released)], sender=SENDER)


def test_a_draft_is_no_file(owner):
    draft = emails.Email("kofi@harbor.example", "Kofi", "Hello", "Dear Kofi")
    with pytest.raises(delivery.NotReleased):
        emails.as_file(draft, owner.practice, owner)


def test_the_fingerprint_of_the_rules_covers_all_that_the_kept_values_go_by():
    keepers = ("planning.keeping", "network.searching", "network.offices")
    assert house.leads_to(*keepers) <= set(rules.MODULES)
    named = {name for _package, name in rules.DATA}
    texts = [(house.ROOT / f"{module.replace('.', '/')}.py").read_text() for module in rules.MODULES]
    read = {name for text in texts for name in re.findall(r"data/([\w]+\.(?:yaml|csv))", text)}
    assert read <= named
