"""A pasted list: each line read into name, telephone, e-mail and what they do, looked at, kept, taken back."""

from __future__ import annotations

import re

import pytest

from kneadwork.exchange import pasting
from kneadwork.network.models import Connection, ContactPoint
from kneadwork.practice.models import Role
from tests.builders import a_connection, a_member

LIST = """Peter Quill 607-555-0101
Maria Lopez, LCSW, maria@lopez.example

- Ken (barber)
  2) Ithaca Fitness Center
"""


@pytest.mark.parametrize(("line", "name", "phones", "emails", "profession"), [
    ("Peter Quill 607-555-0101", "Peter Quill", ["607-555-0101"], [], ""),
    ("Maria Lopez, LCSW, maria@lopez.example", "Maria Lopez, LCSW", [], ["maria@lopez.example"], "counsellor"),
    ("- Ken (barber)", "Ken", [], [], "salon"),
    ("Ken barber", "Ken", [], [], "salon"),
    ("Ken Barber", "Ken Barber", [], [], ""),
    ("12. Ann Lee, D.C. (607) 555-0144 ext. 3", "Ann Lee, D.C.", ["(607) 555-0144 ext. 3"], [], "chiropractor"),
    ("• Lopez, Maria", "Maria Lopez", [], [], ""),
    ("[ ] Mara O'Brien - yoga teacher - cell: 607 555 0177", "Mara O'Brien", ["607 555 0177"], [], "yoga_studio"),
    ('"Bob Ray" <bob@ray.example>', "Bob Ray", [], ["bob@ray.example"], ""),
    ("Priya\t555-0101\tpriya@x.example", "Priya", ["555-0101"], ["priya@x.example"], ""),
    ("jane.doe@x.example", "Jane Doe", [], ["jane.doe@x.example"], ""),
    ("William (Bill) Smith Jr.", "William (Bill) Smith Jr.", [], [], ""),
    ("Gerard 't Hooft", "Gerard 't Hooft", [], [], ""), ("Kim Do", "Kim Do", [], [], ""),
    ("3 Bears Cafe", "3 Bears Cafe", [], [], ""), ("Mary-Ann St. James", "Mary-Ann St. James", [], [], ""),
    ("Sam Lee, chiropractor", "Sam Lee", [], [], "chiropractor"),
    ("Ben Okafor, physical therapist", "Ben Okafor", [], [], "physical_therapist"),
    ("Lucy Hale, acupuncturist, 206-555-0188", "Lucy Hale", ["206-555-0188"], [], "acupuncturist"),
    ("- Carla   Diaz LMT", "Carla Diaz LMT", [], [], "massage_therapist"),
    ("607-555-0199", "", ["607-555-0199"], [], ""), ("12.", "", [], [], ""),
])  # fmt: skip
def test_a_line_is_read(line, name, phones, emails, profession):
    (read,) = pasting.read(line)
    record = read.record
    assert (record.name, [p.value for p in record.phones], [e.value for e in record.emails], record.profession) == (
        name, phones, emails, profession)  # fmt: skip


def test_what_is_neither_name_nor_reach_is_kept_as_a_note():
    (read,) = pasting.read("Tom Riley – met at the farmers market 2024-05-12, Ithaca, NY 14850-1234")
    assert pasting.read("Ann Lee 206-555-0111 or 206-555-0112")[0].record.note == ""
    assert read.record.note == "met at the farmers market 2024-05-12, Ithaca, NY 14850-1234"
    (read,) = pasting.read("Dr. Susan Hale, MD, Cayuga Family Medicine, 607.555.0133")
    assert (read.record.organisation, read.record.stream) == ("Cayuga Family Medicine", "medical")
    (read,) = pasting.read("Gorge Yoga Studio (Lisa), hello@gorge.example")
    assert (read.record.kind, read.record.note, read.record.stream) == ("organisation", "Lisa", "business")


def test_receivers_of_a_mail_are_one_line_each():
    names = [p.record.name for p in pasting.read("Ann Lee <ann@x.example>, Bob Ray <bob@x.example>;\r\n ***\n")]
    assert names == ["Ann Lee", "Bob Ray"]


@pytest.fixture
def browser(client, owner):
    """Signed in as the owner."""
    client.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ticked(page: str) -> list[str]:
    """The numbers of the lines that would be kept."""
    return re.findall(r'name="take"[^>]* value="(\d+)" checked', page)


def test_a_list_is_looked_at_then_kept_and_can_be_taken_back(browser):
    page = browser.post("/network/add", {"names": LIST}).content.decode()
    assert not Connection.objects.exists() and ticked(page) == ["0", "1", "2", "3"]
    assert "- Ken (barber)" in page and "Medical" in page and "Business" in page
    answer = browser.post("/network/add", {"names": LIST, "keep": "1", "take": ticked(page)}, follow=True)
    kept = {c.name: (c.kind, c.stream) for c in Connection.objects.all()}
    assert kept == {
        "Peter Quill": ("person", "personal"), "Maria Lopez, LCSW": ("person", "medical"), "Ken": ("person", "business"),
        "Ithaca Fitness Center": ("organisation", "business"),
    }  # fmt: skip
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"607-555-0101", "maria@lopez.example"}
    browser.post(re.search(r'action="(/practice/undo/[^"]+)"', answer.content.decode())[1])
    assert not Connection.objects.exists()


def test_whoever_may_be_known_is_named_and_not_ticked(browser):
    known = a_connection("Maria Lopez", stream="personal")
    page = browser.post("/network/add", {"names": LIST + "Peter Quill\n"}).content.decode()
    assert ticked(page) == ["0", "2", "3"]
    assert f"/connections/{known.ref}" in page and "the same name" in page and "Twice in this list" in page
    browser.post("/network/add", {"names": LIST, "keep": "1", "take": ["1"]})
    assert Connection.objects.filter(name__startswith="Maria Lopez").count() == 2


def test_a_hidden_client_is_not_named(client, owner):
    a_connection("Peter Quill", stream="clients", phones=["607-555-0101"])
    client.force_login(a_member(owner, Role.HELPER).user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert ticked(client.post("/network/add", {"names": LIST}).content.decode())[0] == "0"


def test_with_nobody_ticked_nobody_is_added_and_the_list_stays(browser):
    answer = browser.post("/network/add", {"names": LIST, "keep": "1"})
    assert "Nobody was ticked" in answer.content.decode() and not Connection.objects.exists()


def test_too_many_lines_are_said_and_what_was_pasted_stays(browser):
    many = "\n".join(f"Person Number{n}" for n in range(pasting.MOST_LINES + 1))
    page = browser.post("/network/add", {"names": many}).content.decode()
    assert "Paste at most 500" in page and "Person Number499" in page


def test_a_long_list_takes_as_many_queries_as_a_short_one(browser, django_assert_max_num_queries):
    lines = "\n".join(f"Person Number{n}, 607 555 {n:04}" for n in range(200))
    with django_assert_max_num_queries(25):
        browser.post("/network/add", {"names": lines})
    with django_assert_max_num_queries(60):
        browser.post("/network/add", {"names": lines, "keep": "1", "take": [str(n) for n in range(200)]})
    assert Connection.objects.count() == 200
