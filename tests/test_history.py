"""The history: every kind of thing in words, and of each entry what was before and after."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.urls import reverse

import kneadwork
from kneadwork.common.models import Act
from kneadwork.network import connections, giving, vetting
from kneadwork.practice import kinds, people, setting_up, signing_in
from kneadwork.practice.models import Role
from kneadwork.referrals import referring
from tests.builders import TODAY, a_connection, a_member
from tests.test_crossing import signed_in

SOURCE = Path(kneadwork.__file__).parent


def kinds_in_the_code() -> set[str]:
    """The kinds that any verb gives its act: the first words within `acts.act(…)` and `note(user, …)`."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        if "tests" in file.parts:
            continue
        for call in [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call)]:
            name = ast.unparse(call.func)
            place = {"acts.act": 0, "note": 1, "signing_in.note": 1}.get(name)
            if place is not None and len(call.args) > place:
                words = ast.walk(call.args[place])
                found |= {n.value for n in words if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found


def test_every_kind_of_act_has_its_words():
    used = kinds_in_the_code()
    assert {"add", "import", "later", "not this step", "second factor"} <= used
    assert used - set(kinds.KINDS) == set()


def entry(client, act: Act) -> str:
    return client.get(reverse("practice:entry", args=[act.pk])).content.decode()


def newest(kind: str) -> Act:
    return Act.objects.filter(kind=kind).latest("pk")


def test_the_list_speaks_of_steps_by_their_titles(owner, practice):
    setting_up.change(practice, {}, by=owner, step="find")
    page = signed_in(owner.user).get(reverse("practice:history")).content.decode()
    assert "About your practice" in page and "Who is near you?" in page and "Practice begun" in page
    assert "Change practice" not in page and ": find" not in page


def test_an_entry_shows_each_value_before_and_after(owner):
    doctor = a_connection("Kofi Osei", by=owner)
    connections.edit(doctor, {"note": "speaks <Twi> & French", "given": "Kofi"}, by=owner)
    page = entry(signed_in(owner.user), newest("edit"))
    assert "speaks &lt;Twi&gt; &amp; French" in page and "Kofi Osei" in page and "<Twi>" not in page
    assert owner.name in page and "Note" in page


def test_an_entry_names_people_instead_of_numbers(owner):
    doctor = a_connection("Kofi Osei", by=owner)
    giving.promise(doctor, "a book", due_on=TODAY, by=owner)
    page = entry(signed_in(owner.user), newest("promise"))
    assert "Kofi Osei" in page and "a book" in page and str(doctor.pk) not in page


def test_an_entry_never_shows_what_opens_a_door(owner):
    invitation, _token = people.invite("ana@practice.example", Role.HELPER, by=owner)
    page = entry(signed_in(owner.user), newest("invite"))
    assert "ana@practice.example" in page and invitation.token_hash not in page


def test_an_act_without_values_says_so(owner):
    signing_in.note(owner.user, "second factor", "set up")
    assert "changed no values" in entry(signed_in(owner.user), newest("second factor"))


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.HELPER])
def test_who_may_not_see_the_history_sees_no_entry(owner, role):
    client = a_connection("Zelda Quagmire", stream="clients", by=owner)
    referring.record(client, "Jo", on=TODAY, today=TODAY, by=owner)
    vetting.raise_flag(client, "canary", on=TODAY, by=owner)
    member = signed_in(a_member(owner, role).user)
    for act in Act.objects.all():
        answer = member.get(reverse("practice:entry", args=[act.pk]))
        assert answer.status_code == 403 and b"Zelda" not in answer.content and b"canary" not in answer.content


def test_an_entry_asks_the_same_of_the_database_however_much_it_holds(owner, django_assert_max_num_queries):
    client = signed_in(owner.user)
    people_ = [a_connection(f"Given{n} Family", by=owner) for n in range(30)]
    counts = []
    for some in (people_[:1], people_):
        connections.tag(some, f"tag {len(some)}", by=owner)
        with django_assert_max_num_queries(40) as asked:
            page = entry(client, newest("tag"))
        assert page.count("<h2>") == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1]
