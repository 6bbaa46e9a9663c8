"""Every page in the map of addresses, asked by everybody who should not: another tenant in any role, somebody invited,
somebody who left, a role without the right, a form from elsewhere. Whatever is refused leaves the whole database as it was.

The table is made from the map itself: a new page without a row of ids, or without a right, fails here.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from kneadwork.common import jobs, storage
from kneadwork.common.models import Act, Job
from kneadwork.common.tenancy import PracticeModel, acting_in
from kneadwork.exchange.models import Import, StagedRow
from kneadwork.exchange.readers.calendar import Span
from kneadwork.network import cards, connections, events, giving, introducing, planned, vetting
from kneadwork.network.models import Connection, Promise, RedFlag, Walk
from kneadwork.outreach import letters
from kneadwork.planning import walk_jobs, walks
from kneadwork.practice import calendar_feeds, calendars, keys, people
from kneadwork.practice.models import Member, Role, User
from kneadwork.practice.rights import RIGHTS
from kneadwork.referrals import asking, referring
from kneadwork.referrals.models import Referral
from tests.builders import TODAY, a_connection, a_member, an_owner
from tests.sampling import some

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SLUGS = {"step": "first_letter", "key": "first_medical", "what": "touches", "offer": "gift_certificates", "side": "front",
         "field": "name"}  # fmt: skip
#: A page's slug that is not what its name says everywhere.
SLUGS_OF = {
    "practice:setup_step": {"step": "place"},
    "practice:playbook": {"stream": "medical"},
    "practice:checklist": {"stream": "medical"},
}


OTHER_FIELDS = ("on", "due_on", "until", "minutes", "miles", "q", "order", "cursor", "office", "all", "filters", "keep",
                "profession", "template", "after", "show", "reason", "form", "question", "how", "wake", "postal", "source", "file",
                "override", "check-mother", "words-mother", "link-mother", "photo-mother", "origin", "learned", "person", "hours", "near", "start", "at", "span", "around", "latitude", "longitude",
                "event", "to", "no_longer", "title", "begins", "ends", "where", "purpose", "hoped", "uid", "phone", "url", "address",
                "noted", "code", "key", "member", "captured_at", "front", "back", "somebody_else")  # fmt: skip


#: Words where an id belongs, a number where a day belongs, digits that are none, numbers without end, and too much.
NONSENSE = (
    "abc",
    "-1",
    "9" * 30,
    "9" * 5000,
    "\x00",
    "´" * 5000,
    "2026-13-45",
    "²",
    "１",
    "٣",
    "1e999",
    "nan",
    "inf",
    "1_0",
)


#: The smallest picture there is.
ONE_PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Page:
    """One address of the map: its name, the names of its parts, its view."""

    name: str
    parts: tuple[str, ...]
    view: object

    def address(self, ids: dict) -> str:
        """The address with these ids; KeyError where a part has none: give it one in `filled`."""
        known = SLUGS | SLUGS_OF.get(self.name, {}) | ids
        return reverse(self.name, kwargs={part: known[part] for part in self.parts})


def pages() -> list[Page]:
    """Every page of our own that has a name."""
    found = []

    def walk(patterns, space: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.name and pattern.callback.__module__.startswith("kneadwork.pages"):
                    parts = tuple(pattern.pattern.converters)
                    found.append(Page(f"{space}:{pattern.name}", parts, pattern.callback))
            else:
                walk(pattern.url_patterns, pattern.namespace or space)

    walk(get_resolver().url_patterns, "")
    return found


GUARDED = [p for p in pages() if p.view.right is not None]
TAKING_IDS = [p for p in GUARDED if any(part.endswith("_id") for part in p.parts)]


def picture(only: list[int] | None = None) -> str:
    """A digest of every row of every table, of all practices or of some; sessions and the clock of signing in aside."""
    digest = hashlib.sha256()
    every = sorted(apps.get_model("practice", "Practice").objects.values_list("pk", flat=True))
    practices = every if only is None else only
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if model is Session:
            continue
        fields = [f.attname for f in model._meta.concrete_fields if f.name != "last_login"]
        of_practices = issubclass(model, PracticeModel)
        of_these = {"practice.Practice": "pk__in", "practice.User": "memberships__practice__in"}.get(model._meta.label)
        if only is not None and not of_practices and of_these is None:  # those who act elsewhere may change it
            continue
        manager = model.everywhere if of_practices else model._base_manager
        for practice in practices if of_practices else [None]:
            with acting_in(practice) if practice else acting_in(practices[0]):
                rows = manager.filter(practice_id=practice) if practice else manager.all()
                if only is not None and of_these:
                    rows = rows.filter(**{of_these: only}).distinct()
                digest.update(repr(list(rows.order_by("pk").values_list(*fields))).encode())
    return digest.hexdigest()


def filled(owner: Member) -> dict:
    """A practice with one of everything that has an id in an address or a form; answers the ids."""
    client = Client()
    client.force_login(owner.user, backend=BACKEND)
    client.post(
        reverse("network:import"), {"file": SimpleUploadedFile("p.csv", b"Name,Phone\nHidden Ana,206 555 0101\n")}
    )
    with acting_in(owner.practice_id):
        for job in Job.objects.filter(ended_at=None).order_by("pk"):
            jobs.run(job.practice_id, job.pk)
        here = a_connection("Hidden One", insights_=1, met=True, verdict="yes", by=owner)
        there = a_connection("Hidden Two", stream="clients", by=owner)
        trusted = a_connection("Hidden Three", verdict="yes", by=owner)
        meant = introducing.begin(here, trusted, on=TODAY, by=owner)
        picture_ = storage.keep(ONE_PIXEL, name="seen.png", media_type="image/png", by=owner)
        seen = vetting.check(here, "website", "yes", on=TODAY, photo=picture_, by=owner)
        giving.promise(here, "call Hidden Two", due_on=TODAY, by=owner)
        vetting.raise_flag(here, "hidden words", on=TODAY, by=owner)
        referring.record(here, "Hidden Jo", on=TODAY, today=TODAY, by=owner)
        ask = asking.record(here, "call", on=TODAY, missing=[], by=owner)
        connections.add_address(here, line1="1 Main St", city="Seattle", region="WA", postal="98107", by=owner)
        text = letters.template_text("first_medical")
        batch = letters.prepare([here], text, template="first_medical", practice=owner.practice, by=owner)
        walk = a_walk(here, owner)
        asked = walk_jobs.ask(owner.practice, minutes=90, start=None, near=None, query="q=hidden", by=owner)
        jobs.run(asked.practice_id, asked.pk)
        invitation, _token = people.invite("hidden@practice.example", "helper", by=owner)
        event = events.make("Hidden evening", on=TODAY, hoped_for=[here], by=owner)
        card = cards.collect(words="hidden words", typed={"name": "Hidden Card"}, event=event, by=owner)
        step = planned.plan(here, "call", on=TODAY, today=TODAY, by=owner)
        key, _secret = keys.make("hidden key", member=owner, by=owner)
        calendar = calendars.add(
            "feed", calendars.Access("https://hidden.example/a.ics"), name="Hidden calendar", by=owner
        )
        calendars.keep_busy(
            calendar, [Span(datetime.now(UTC), datetime.now(UTC) + timedelta(hours=2), False)], unread=1, cut=True
        )
        calendars.keep_look(calendar, [{"title": "Hidden talk", "on": "2026-11-24", "begins": None, "ends": None, "place": "",
                                        "purpose": "", "uid": "1"}])  # fmt: skip
        calendar_feeds.make(by=owner)
        return {
            "invitation_id": invitation.pk, "referral_id": Referral.objects.first().pk, "key_id": key.pk, "practice": owner.practice.ref,
            "connection_id": here.pk, "one_id": here.pk, "other_id": there.pk, "batch_id": batch.pk,
            "import_id": Import.objects.get().pk, "act_id": Act.objects.latest("pk").pk, "member_id": owner.pk,
            "check_id": seen.pk, "introduction": meant.pk, "side": meant.sides.first().pk,
            "row": StagedRow.objects.first().pk, "flag": RedFlag.objects.get().pk,
            "promise": Promise.objects.get().pk, "ask": ask.pk, "ref": here.ref,
            "user": owner.user, "walk_id": walk.pk, "stop_id": walk.stops.get().pk, "job_id": asked.pk,
            "event_id": event.pk, "card_id": card.pk, "planned_id": step.pk, "source_id": calendar.pk,
        }  # fmt: skip


def a_walk(here: Connection, owner: Member) -> Walk:
    """A walk with one stop."""
    start = datetime(2026, 11, 24, 10)
    stop = walks.Stop(here, 47.61, -122.33, start, start + timedelta(minutes=10), None)
    planned = walks.Plan([stop], start, (47.61, -122.33), 10, 0, 0)
    return walks.keep(planned, owner.practice, minutes=90, query="", by=owner)


def form(ids: dict) -> dict:
    """Every field that any form of ours has, with these ids wherever one belongs."""
    named = {name: ids[name] for name in ("row", "flag", "promise", "ask", "practice", "side", "introduction")}
    return named | {
        "chosen": ids["ref"], "to": ids["ref"], "other": ids["ref"], "said": "agreed", "stream": "business", "tag": "taken", "outcome": "kept", "answer": "yes",
        "channel": "call", "name": "Changed", "role": "owner", "value": "business", "what": "stream", "sure": "1",
        "words": "changed", "line1": "changed", "email": "x@y.example", "person": "Changed", "kind": "note",
    }  # fmt: skip


@pytest.fixture
def theirs(db) -> dict:
    """Somebody else's filled practice: its owner and its ids."""
    owner = an_owner("Hidden Hands")
    return {"owner": owner, **filled(owner)}


def members_of_another() -> dict[str, User]:
    """Each role of another practice, and somebody invited, somebody who left, somebody of nowhere."""
    owner = an_owner("Ours")
    with acting_in(owner.practice_id):
        a_connection("Ours Alone")
        found = {Role.OWNER: owner.user} | {r: a_member(owner, r).user for r in Role.values if r != Role.OWNER}
        gone = a_member(owner)
        people.leave(gone, by=owner)
        people.invite("invited@practice.example", Role.OWNER, by=owner)
        found["left"] = gone.user
    found["invited"] = User.objects.create_user("invited@practice.example", "long enough words")
    return {str(role): user for role, user in found.items()}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


WHO = [*map(str, Role.values), "left", "invited"]


@pytest.mark.parametrize("who", WHO)
def test_ids_of_another_practice_open_and_change_nothing(theirs, who):
    client = signed_in(members_of_another()[who])
    before = picture()
    for page in TAKING_IDS:
        address = page.address(theirs)
        for answer in (client.get(address), client.post(address, form(theirs))):
            assert answer.status_code in (403, 404, 405), (page.name, answer.status_code)
            assert b"Hidden" not in answer.content, page.name
    assert picture() == before


@pytest.mark.parametrize("who", WHO)
def test_ids_of_another_practice_in_a_form_change_nothing_there(theirs, who):
    client, there = signed_in(members_of_another()[who]), [theirs["owner"].practice_id]
    before = picture(there)
    for page in [p for p in GUARDED if p not in TAKING_IDS and p.name != "practice:people"]:
        address = page.address({})
        for answer in (client.get(address), client.post(address, form(theirs))):
            assert b"Hidden" not in answer.content, page.name
            assert answer.status_code < 500, page.name
        assert picture(there) == before, page.name


@pytest.mark.parametrize("who", [r for r in WHO if r != Role.OWNER])
def test_who_has_not_the_right_is_refused_and_nothing_changes(theirs, who):
    owner = theirs["owner"]
    with acting_in(owner.practice_id):
        if who == "invited":
            people.invite("invited@practice.example", Role.OWNER, by=owner)
            user = User.objects.create_user("invited@practice.example", "long enough words")
        else:
            member = a_member(owner, who if who in Role.values else Role.THERAPIST)
            user = member.user
            if who == "left":
                people.leave(member, by=owner)
    held = RIGHTS.get(who, frozenset())
    client, before = signed_in(user), picture()
    for page in [p for p in GUARDED if p.view.right not in held]:
        address = page.address(theirs)
        for answer in (client.get(address), client.post(address, form(theirs))):
            assert answer.status_code in (403, 405), (page.name, answer.status_code)
            assert b"Hidden" not in answer.content, page.name
    assert picture() == before


def test_nobody_signed_in_is_led_to_the_door(theirs):
    before = picture()
    for page in GUARDED:
        for answer in (Client().get(page.address(theirs)), Client().post(page.address(theirs), form(theirs))):
            assert answer.status_code in (302, 405) and b"Hidden" not in answer.content, page.name
            assert answer.status_code == 405 or answer["Location"].startswith(reverse("account_login")), page.name
    assert picture() == before


def test_looking_changes_nothing(theirs):
    """GET is safe: asked twice, every page leaves the database as it was."""
    client = signed_in(theirs["owner"].user)
    for page in GUARDED:
        client.get(page.address(theirs))
    before = picture()
    for page in GUARDED:
        answer = client.get(page.address(theirs))
        assert answer.status_code in (200, 302, 404, 405), (page.name, answer.status_code)
    assert picture() == before


def test_a_form_from_elsewhere_is_refused_on_every_page(theirs):
    client = Client(enforce_csrf_checks=True)
    client.force_login(theirs["owner"].user, backend=BACKEND)
    before = picture()
    for page in pages():
        if page.name in ("public:healthz", "public:readyz", "public:security"):  # they change nothing
            continue
        ids = theirs | {"token": "x" * 43}
        assert client.post(page.address(ids), form(theirs)).status_code == 403, page.name
    assert picture() == before


def test_nonsense_in_any_field_is_an_ordinary_answer(theirs):
    """Never a traceback, on any page, whatever is in whichever field."""
    client = signed_in(theirs["owner"].user)
    client.raise_request_exception = False
    for page in GUARDED:
        if page.name in ("practice:member", "network:remove", "network:import_give_up"):
            continue
        for nonsense in some(NONSENSE, 5, seed=page.name):
            fields = dict.fromkeys([*form(theirs), *OTHER_FIELDS], nonsense)
            for method in (client.get, client.post):
                answer = method(page.address(theirs), fields)
                assert answer.status_code < 500, (page.name, nonsense[:10], answer.status_code)


@pytest.mark.parametrize("lying", ["\x00", "\x07", "\x1b[31m", "\x7f", "\x9b", "a\u202egnp.exe", "\u202d1"])
def test_characters_that_nobody_types_are_refused_in_every_form(theirs, lying):
    client = signed_in(theirs["owner"].user)
    before = picture()
    for page in GUARDED:
        fields = dict.fromkeys([*form(theirs), *OTHER_FIELDS], f"Ana {lying}")
        assert client.post(page.address(theirs), fields).status_code in (400, 405), page.name
    assert picture() == before


def test_names_of_all_languages_are_taken(theirs):
    client = signed_in(theirs["owner"].user)
    for name in (
        "José Ñandú",
        "محمد علي",
        "עמית לוי",
        "\u200fעמית",
        "陳大文",
        "Zoë\u0308",
        "O\u2019Brien",
        "Ana\u00a0Ruiz",
    ):
        assert client.post(reverse("network:add"), {"name": name}).status_code == 302, name


def test_a_file_with_nonsense_beside_it_is_read_all_the_same(theirs):
    client = signed_in(theirs["owner"].user)
    for nonsense in (n for n in NONSENSE if "\x00" not in n):
        file = SimpleUploadedFile("p.csv", b"Name,Phone\nHidden Ana,206 555 0101\n")
        assert client.post(reverse("network:import"), {"file": file, "miles": nonsense}).status_code == 302, nonsense


@pytest.mark.parametrize("path", ["css/base.css", "js/app.js", "icons/leaf.svg", "nowhere.css"])
def test_files_of_the_product_carry_the_headers_too(client, db, path):
    answer = client.get(f"/static/{path}")
    assert answer.status_code == (404 if "nowhere" in path else 200)
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"


def test_every_answer_carries_the_headers(theirs):
    client = signed_in(theirs["owner"].user)
    for page in pages():
        for answer in (client.get(page.address(theirs | {"token": "x" * 43})), client.get("/nowhere")):
            assert "default-src 'none'" in answer["Content-Security-Policy"], page.name
            assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY", page.name
            assert "no-store" in answer["Cache-Control"], page.name
            assert answer["Referrer-Policy"] == "same-origin"
            assert "Access-Control-Allow-Origin" not in answer
