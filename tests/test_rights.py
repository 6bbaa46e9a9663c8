"""What a role may see: nothing a helper is shown depends on clients or referrals; reasons of verdicts stay with therapists.

The rule is PRODUCT.md's table of roles. Pages and the API are asked alike, all of them, as the maps name them.
"""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kneadwork.api.app import api
from kneadwork.api.tests.program import Program
from kneadwork.common.tenancy import acting_in
from kneadwork.network import connections, giving, insights, touching, vetting
from kneadwork.network.models import Connection
from kneadwork.outreach import letters
from kneadwork.practice import people
from kneadwork.practice.models import Role
from kneadwork.practice.people import PeopleError
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member, do_jobs, judge
from tests.test_crossing import GUARDED, signed_in

BOOKING = (
    "First Name,Last Name,Email,Phone,Last Visit,Referred By\n"
    "Zelda,Quagmire,zelda@post.example,206 555 0177,2026-01-05,Kofi Osei\n"
    "Kofi,Osei,kofi@spine.example,206 555 0178,2026-01-06,\n"
)


#: One office.
DESK = {
    "organisation": "Ballard Spine", "address": {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postal": "98107"}
}  # fmt: skip


@pytest.fixture
def doctor(owner) -> Connection:
    """A chiropractor whom the practice knows and trusts, of an office with a colleague."""
    made = a_connection("Kofi Osei", insights_=2, met=True, gifts=1, by=owner, emails=["kofi@spine.example"], **DESK)
    judge(made, "yes", reason="canary-reason", on=TODAY, by=owner)
    vetting.raise_flag(made, "canary-flag", on=TODAY, by=owner)
    a_connection("Ana Ruiz", by=owner, **DESK)
    a_connection("Eva Untested", met=True, by=owner)
    return made


def private_things(doctor: Connection, owner) -> None:
    """Clients and referrals of every kind: by hand, from a booking file, a look-alike, a promise, one of the same office."""
    client = a_connection("Zelda Quagmire", stream="clients", by=owner, phones=["206 555 0177"], **DESK)
    a_connection("Zelda Quagmyre", stream="clients", by=owner)
    giving.promise(client, "canary-promise", due_on=TODAY, by=owner)
    insights.learn(client, "canary-insight", on=TODAY, by=owner)
    touching.log(client, "call", on=TODAY, today=TODAY, words="canary-touch", by=owner)
    unknown = Connection.objects.get(name="Eva Untested")
    referring.record(unknown, "Zelda Quagmire", on=TODAY, today=TODAY, by=owner)
    for _number in range(2):
        referring.record(doctor, "Zelda Quagmire", on=TODAY, today=TODAY, words="canary-sent", by=owner)


def from_a_booking_file(owner) -> None:
    """The same people once more, from a booking product."""
    page = signed_in(owner.user)
    page.post(
        reverse("network:import"),
        {"file": SimpleUploadedFile("canary-patients.csv", BOOKING.encode()), "as": "booking"},
    )
    do_jobs()
    from kneadwork.exchange.models import Import

    page.post(reverse("network:import_keep", args=[Import.objects.latest("asked_at").pk]))


def everything_shown(member, doctor: Connection) -> dict[str, str]:
    """Every page and every answer of the API that this member can open without changing anything, as text."""
    client, program, shown = signed_in(member.user), Program(member), {}
    filled = {"connection_id": doctor.pk, "step": "first_letter"}
    extra = ["/network?q=zelda", "/network?q=206+555+0177", "/network?order=likely", "/network?order=recent", "/network?order=name",
             f"/connections/{doctor.ref}/like?q=zelda", f"/connections/{doctor.ref}?all=1", "/network?stream=clients",
             "/network?office=one+desk", "/network?stage=referring"]  # fmt: skip
    for page in GUARDED:
        if set(page.parts) <= set(filled):
            extra.append(page.address(filled))
    for address in extra:
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming:
            shown[address] = text_of(answer)
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" in methods:
            address = path.removeprefix("/api/v1").replace("{ref}", doctor.ref)
            for query in ("", f"?connection={doctor.ref}", "?q=zelda"):
                shown[f"API {address}{query}"] = text_of(program.get(address + query))
    return shown


def text_of(answer) -> str:
    """What is shown, without what differs at each look: tokens of forms."""
    if answer["Content-Type"] == "application/pdf":
        return str(len(pikepdf.open(io.BytesIO(answer.content)).pages))
    if answer["Content-Type"] == "application/zip":
        files = zipfile.ZipFile(io.BytesIO(answer.content))
        return "".join(files.read(name).decode() for name in files.namelist())
    return re.sub(
        r'(name="(?:csrfmiddlewaretoken|once)" value=|hx-headers=|"csrf": )"[^"]*"', "", answer.content.decode()
    )


def canaries(shown: dict[str, str]) -> dict[str, set[str]]:
    """Which private words stand where."""
    words = re.compile(r"Quagm[iy]re|canary-\w+", re.IGNORECASE)
    return {where: set(words.findall(text)) for where, text in shown.items() if words.search(text)}


def test_nothing_a_helper_is_shown_depends_on_clients_or_referrals(owner, doctor):
    helper = a_member(owner, Role.HELPER)
    before = everything_shown(helper, doctor)
    private_things(doctor, owner)
    after = everything_shown(helper, doctor)
    assert set(before) == set(after) and len(before) > 15
    for where, text in before.items():
        assert after[where] == text, where
    seen = everything_shown(a_member(owner, Role.THERAPIST), doctor)
    assert {"Quagmire", "canary-sent", "canary-promise", "canary-touch"} <= set().union(*canaries(seen).values())


def test_a_booking_file_shows_a_helper_no_client_nor_that_somebody_is_one(owner, doctor):
    helper = a_member(owner, Role.HELPER)
    from_a_booking_file(owner)
    private_things(doctor, owner)
    assert not {
        k: v for k, v in canaries(everything_shown(helper, doctor)).items() if v - {"canary-reason", "canary-flag"}
    }


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.HELPER])
def test_reasons_of_verdicts_and_red_flags_stay_with_therapists(owner, doctor, role):
    shown = everything_shown(a_member(owner, role), doctor)
    assert canaries(shown) == {}
    seen = everything_shown(a_member(owner, Role.THERAPIST), doctor)
    assert {"canary-reason", "canary-flag"} <= set().union(*canaries(seen).values())


def test_the_front_desk_sees_who_came_from_whom(owner, doctor):
    private_things(doctor, owner)
    shown = canaries(everything_shown(a_member(owner, Role.FRONT_DESK), doctor))
    assert any("Quagmire" in words for words in shown.values())
    assert not any("canary-reason" in words or "canary-flag" in words for words in shown.values())


def test_a_helper_is_not_told_of_a_client_whom_they_type_again(owner, doctor):
    private_things(doctor, owner)
    client = signed_in(a_member(owner, Role.HELPER).user)
    given = {"name": "Zelda Quagmire", "phone": "206 555 0177"}
    answer = client.post(reverse("network:add"), given, follow=True).content.decode()
    assert "is in your network" in answer and "same telephone" not in answer


def test_a_helper_cannot_write_letters_to_clients(owner, doctor):
    private_things(doctor, owner)
    zelda = Connection.objects.get(name="Zelda Quagmire")
    connections.add_address(zelda, line1="9 Quiet St", city="Seattle", region="WA", postal="98107", by=owner)
    client = signed_in(a_member(owner, Role.HELPER).user)
    page = client.get(reverse("network:letters"), {"to": zelda.ref}).content.decode()
    assert "Quagmire" not in page
    batch = letters.prepare([zelda], letters.template_text("first_medical"), template="first_medical",
                            practice=owner.practice, by=owner)  # fmt: skip
    assert client.get(reverse("network:letters_pdf", args=[batch.pk])).status_code == 404


def test_a_helper_cannot_put_anybody_among_the_clients(owner, doctor):
    client = signed_in(a_member(owner, Role.HELPER).user)
    client.post(reverse("network:bulk"), {"chosen": doctor.ref, "stream": "clients"})
    doctor.refresh_from_db()
    assert doctor.stream == "medical"


def test_a_changed_role_holds_at_the_next_click_and_the_key_follows(owner, doctor):
    member = a_member(owner, Role.THERAPIST)
    client, program = signed_in(member.user), Program(member)
    assert client.get(reverse("practice:history")).status_code == 200
    assert program.get("/imports/0000000000000").status_code == 404
    people.change_role(member, Role.HELPER, by=owner)
    assert client.get(reverse("practice:history")).status_code == 403
    assert program.get("/imports/0000000000000").status_code == 403
    people.leave(member, by=owner)
    assert client.get(reverse("network:list")).status_code == 403
    assert program.get("/connections").status_code == 401


def test_the_last_owner_stays_one(owner):
    for refused in (lambda: people.leave(owner, by=owner), lambda: people.change_role(owner, Role.HELPER, by=owner)):
        with pytest.raises(PeopleError):
            refused()
    owner.refresh_from_db()
    assert owner.role == Role.OWNER and owner.left_at is None


def test_an_invitation_is_for_one_week_one_role_and_one_person(owner, client):
    from django.utils import timezone

    invitation, token = people.invite("ben@post.example", Role.HELPER, by=owner)
    assert token not in str(vars(invitation))
    address = reverse("public:join", args=[token])
    given = {"name": "Ben", "password": "quiet rivers run deeply", "role": "owner"}
    assert client.post(address, given).status_code == 302
    with acting_in(owner.practice_id):
        from kneadwork.practice.models import Invitation, Member

        assert Member.objects.get(name="Ben").role == Role.HELPER
        assert "used already" in signed_in(owner.user).post(address, given).content.decode()
        late, token = people.invite("eva@post.example", Role.HELPER, by=owner)
        Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
        answer = client.post(reverse("public:join", args=[token]), given | {"name": "Eva"}).content.decode()
        assert "too old" in answer and not Member.objects.filter(name="Eva").exists()
