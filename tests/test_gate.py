"""The one gate out: nothing names a client to anybody but that client, and whoever said stop is left in peace by every way."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse

from kneadwork.api.tests.program import Program, is_problem
from kneadwork.common import acts, undo
from kneadwork.common.models import Act
from kneadwork.network import connections, merging, resting
from kneadwork.network.models import Client, Connection, Standing
from kneadwork.outreach import delivery, emails, letters
from kneadwork.outreach.models import Release
from kneadwork.planning import today
from kneadwork.practice.setting_up import today as day_of
from tests.builders import a_connection


@pytest.fixture
def doctor(owner) -> Connection:
    """Somebody who can be reached by every way and whom Today would write."""
    return a_person("Amara Lindqvist, DC", owner, 1)


def a_person(name: str, owner, number: int) -> Connection:
    made = a_connection(name, phones=[f"206-555-010{number}"], emails=[f"desk{number}@spine.example"], by=owner)
    connections.add_address(made, line1=f"{number} Main St", city="Seattle", region="WA", postal="98107", by=owner)
    return made


@pytest.fixture
def client_of_ours(owner) -> Client:
    """A client who has a connection of their own."""
    zelda = a_connection("Zelda Quagmire", stream="clients", by=owner)
    made = Client(connection=zelda, name=zelda.name)
    with acts.act("client", by=owner):
        made.save()
    return made


def stopped(person: Connection, owner) -> Connection:
    resting.stop(person, on=day_of(owner.practice), how="by telephone", by=owner)
    return person


# What may be told of a client, and to whom: the guard itself is held by tests/test_disclosure.py


@pytest.mark.parametrize("what", ["letter", "email", "thanks", "report"])
def test_the_gate_refuses_what_names_a_client_to_anybody_else_and_logs_nothing(owner, doctor, client_of_ours, what):
    other = a_connection("Ana Ruiz", stream="clients", by=owner)
    nameless = Client(name="Somebody without a connection", practice_id=owner.practice_id)
    for recipient in (doctor, other):
        for about in (client_of_ours, nameless):
            with pytest.raises(delivery.NotReleased) as refused:
                delivery.release(what, recipient, purpose="thanks", says="", about=about, by=owner)
            assert refused.value.rule == "deny by default" and about.name not in str(refused.value)
    assert not Release.objects.exists()


NAMING = (
    "Zelda Quagmire came in",
    "zelda  QUAGMIRE's back is better",
    "About Zelda Maria Quagmire: thank you",
    "ZELDA\nQUAGMIRE",
)


@pytest.mark.parametrize("words", NAMING)
def test_words_that_name_a_client_go_to_nobody_else(owner, doctor, client_of_ours, words):
    client_of_ours.name = "Zelda Maria Quagmire"
    with acts.act("client", by=owner):
        client_of_ours.save()
    with pytest.raises(emails.EmailRefused, match="Take the name out"):
        emails.hand_over(doctor, "Hello", f"Thank you. {words}.", by=owner)
    with pytest.raises(emails.EmailRefused):
        emails.hand_over(doctor, words, "Thank you.", by=owner)
    with pytest.raises(delivery.NotReleased):
        letters.prepare([doctor], f"Thank you. {words}.", practice=owner.practice, by=owner)
    assert not Release.objects.exists()


def test_a_client_is_written_to_by_name_and_others_are_not_taken_for_clients(owner, doctor, client_of_ours):
    own = client_of_ours.connection
    delivery.release("email", own, purpose="note", says="Dear Zelda Quagmire, thank you", by=owner)
    for words in ("Quagmire Street 5", "Zelda, my sister, and Tom Quagmire", "Amara Lindqvist", owner.name):
        delivery.release("email", doctor, purpose="note", says=words, by=owner)


def test_what_goes_to_the_client_themselves_passes_and_is_logged_as_a_disclosure(owner, client_of_ours):
    own = client_of_ours.connection
    delivery.release("letter", own, purpose="note", says="", about=client_of_ours, by=owner)
    logged = Release.objects.get()
    assert (logged.client, logged.connection, logged.rule) == (client_of_ours, own, "to_the_person")


def test_what_names_nobody_passes_and_is_logged_as_none(owner, doctor):
    delivery.release("letter", doctor, purpose="outreach", says="", by=owner)
    logged = Release.objects.get()
    assert (logged.client, logged.recipient, logged.by) == (
        None,
        doctor.name,
        owner,
    ) and logged.basis == "no disclosure"


def test_the_log_outlives_whom_it_names_and_knows_them_again_when_they_are_brought_back(owner, client_of_ours, doctor):
    own = client_of_ours.connection
    delivery.release("letter", own, purpose="note", says="", about=client_of_ours, by=owner)
    delivery.release("letter", doctor, purpose="outreach", says="", by=owner)
    before = list(Release.objects.order_by("pk").values())
    removed = connections.remove([own, doctor], by=owner)
    logged = Release.objects.order_by("pk")
    assert [(r.recipient, r.connection, r.client) for r in logged] == [
        (own.name, None, None),
        (doctor.name, None, None),
    ]
    undo.undo(removed, by=owner)
    assert list(Release.objects.order_by("pk").values()) == before


def test_the_log_of_two_made_one_is_told_apart_again_with_them(owner, doctor):
    other = a_person("Amara Lindqvist", owner, 2)
    for one in (doctor, other):
        delivery.release("letter", one, purpose="outreach", says="", by=owner)
    before = list(Release.objects.order_by("pk").values())
    undo.undo(merging.merge(doctor, other, by=owner), by=owner)
    assert list(Release.objects.order_by("pk").values()) == before


def test_a_letter_taken_back_stays_in_the_log(owner, doctor):
    letters.prepare([doctor], practice=owner.practice, by=owner)
    undo.undo(Act.objects.filter(kind="letters").latest("pk"), by=owner)
    assert Release.objects.get().connection == doctor


# A stop, by each way out


def test_the_gate_refuses_one_and_many_where_anybody_said_stop(owner, doctor):
    other = stopped(a_person("Kofi Osei, DC", owner, 2), owner)
    with pytest.raises(delivery.NotReleased) as refused:
        delivery.release("letter", other, purpose="outreach", says="", by=owner)
    assert refused.value.rule == "stop"
    with pytest.raises(delivery.NotReleased):
        delivery.release_all("letter", [doctor, other], purpose="outreach", says=[""], by=owner)
    assert not Release.objects.exists()


def test_letters_leave_out_who_said_stop_and_write_the_others(owner, doctor):
    other = stopped(a_person("Kofi Osei, DC", owner, 2), owner)
    desks, left_out = letters.offices([doctor, other])
    assert [d.people for d in desks] == [(doctor,)] and [c for c, _why in left_out] == [other]
    batch = letters.prepare([doctor, other], practice=owner.practice, by=owner)
    assert [x.connection for x in batch.letters.all()] == [doctor]
    assert [r.connection for r in Release.objects.all()] == [doctor]


def test_letters_written_before_a_stop_are_not_printed_after_it(owner, doctor):
    other = a_person("Kofi Osei, DC", owner, 2)
    batch = letters.prepare([doctor, other], practice=owner.practice, by=owner)
    assert pages(letters.pdf(batch, owner.practice, on=day_of(owner.practice))) == 2
    stopped(other, owner)
    assert pages(letters.pdf(batch, owner.practice, on=day_of(owner.practice))) == 1
    stopped(doctor, owner)
    for made in (
        lambda: letters.pdf(batch, owner.practice, on=day_of(owner.practice)),
        lambda: letters.labels(batch, owner.practice),
    ):
        with pytest.raises(letters.LettersRefused):
            made()


def pages(pdf: bytes) -> int:
    return len(pikepdf.open(io.BytesIO(pdf)).pages)


def test_the_page_of_letters_and_the_api_write_nobody_who_said_stop(client, owner, doctor):
    stopped(doctor, owner)
    client.force_login(owner.user)
    client.post(reverse("network:letters"), {"to": doctor.ref, "make": "1"})
    program = Program(owner)
    for to in ([doctor.ref], "q=lindqvist", None):
        assert is_problem(program.post("/letters", {"to": to}), 422)
    assert not Release.objects.exists()


@pytest.mark.parametrize("way", ["link", "file"])
def test_no_email_is_made_for_who_said_stop_as_link_or_as_file(client, owner, doctor, way):
    client.force_login(owner.user)
    address = reverse("today:step", args=[doctor.pk, "call"]) + "?by=email"
    given = {"subject": "Hello", "body": "Whom do you help best?", "as": way}

    def made(answer) -> bool:
        return answer["Content-Type"] == "message/rfc822" or b"mailto:" in answer.content

    assert made(client.post(address, given))
    stopped(doctor, owner)
    assert not made(client.post(address, given))
    with pytest.raises(emails.EmailRefused):
        emails.hand_over(doctor, "Hello", "Whom do you help best?", by=owner)
    assert Release.objects.count() == 1


def test_today_its_week_and_the_api_propose_nothing_to_who_said_stop(client, owner, doctor):
    on = day_of(owner.practice)
    client.force_login(owner.user)
    program = Program(owner)

    def proposed() -> list[bool]:
        return [
            any(a.connection == doctor for a in today.actions(owner.practice, on=on, minutes=600, all_streams=True)),
            doctor.name in client.get(reverse("today:page")).content.decode(),
            doctor in [row.connection for row in today.week(owner.practice, on=on, all_streams=True).coming],
            any(a["name"] == doctor.name for a in program.get("/today?minutes=600").json()["actions"]),
            bool(Standing.objects.get(connection=doctor).next_kind),
        ]

    assert all(proposed())
    stopped(doctor, owner)
    assert not any(proposed())
    later = on + timedelta(days=400)
    assert not today.actions(owner.practice, on=later, minutes=600, all_streams=True)


def test_a_kept_row_from_before_the_stop_is_not_believed(owner, doctor):
    """Today asks the records once more, whatever the kept row says."""
    before = Standing.objects.filter(connection=doctor).values("next_key", "next_kind", "next_due", "next_value").get()
    stopped(doctor, owner)
    Standing.objects.filter(connection=doctor).update(**before)
    assert today.actions(owner.practice, on=day_of(owner.practice), minutes=600, all_streams=True) == []


@pytest.mark.parametrize(("by", "way"), [("call", "tel:"), ("visit", "geo:")])
def test_the_page_of_a_step_offers_no_way_to_who_said_stop(client, owner, doctor, by, way):
    client.force_login(owner.user)
    address = reverse("today:step", args=[doctor.pk, "call"]) + f"?by={by}"
    assert way in client.get(address).content.decode()
    stopped(doctor, owner)
    assert way not in client.get(address).content.decode()


def test_their_own_page_offers_no_way_once_they_said_stop(client, owner, doctor):
    client.force_login(owner.user)
    address = reverse("network:connection", args=[doctor.pk])
    before = client.get(address).content.decode()
    assert "tel:" in before and "mailto:" in before
    stopped(doctor, owner)
    after = client.get(address).content.decode()
    assert "tel:" not in after and "mailto:" not in after


def test_nobody_who_said_stop_is_asked(client, owner):
    friend = a_connection("Ana Ruiz", stream="personal", met=True, by=owner)
    client.force_login(owner.user)
    asks = reverse("network:record", args=[friend.pk, "asks"])
    client.post(asks, {"channel": "call"})
    assert friend.asks.count() == 1
    friend.asks.all().update(on=day_of(owner.practice) - timedelta(days=300))
    stopped(friend, owner)
    client.post(asks, {"channel": "call"})
    assert friend.asks.count() == 1
