"""Laws of an import: taken back, it leaves every byte as it was; what was used since stays; a stop outlives everything."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from hypothesis import Phase, example, given
from hypothesis import strategies as st

from kneadwork.common import undo
from kneadwork.common.models import Act
from kneadwork.exchange import importing
from kneadwork.network import connections, resting, touching
from kneadwork.network.models import Connection, Stop
from kneadwork.planning.keeping import differing
from tests.builders import TODAY, a_connection
from tests.sampling import examples
from tests.test_imports import pictures

NAMES = ["Amara Lindqvist", "Ben Osei", "Cy Lee", "Dana Ruiz DC", "Ballard Spine"]
CARDS = st.lists(
    st.fixed_dictionaries({
        "name": st.sampled_from(NAMES), "tel": st.sampled_from(["", "206-555-0101", "206-555-0102"]),
        "mail": st.sampled_from(["", "a@post.example", "b@post.example"]), "org": st.sampled_from(["", "Ballard Spine"]),
        "zip": st.sampled_from(["", "98107", "10001"]), "note": st.sampled_from(["", "Likes early mornings"]),
        "tag": st.sampled_from(["", "gym"]),
    }), min_size=1, max_size=7,
)  # fmt: skip


def a_card(name: str) -> dict:
    """A card with a telephone that others may have too."""
    return {"name": name, "tel": "206-555-0101", "mail": "", "org": "", "zip": "", "note": "", "tag": ""}


def as_vcards(cards: list[dict]) -> str:
    lines = []
    for card in cards:
        lines += ["BEGIN:VCARD", "VERSION:3.0", f"FN:{card['name']}"]
        lines += [f"{key}:{card[name]}" for key, name in (("TEL", "tel"), ("EMAIL", "mail"), ("ORG", "org"), ("NOTE", "note"),
                                                          ("CATEGORIES", "tag")) if card[name]]  # fmt: skip
        lines += [f"ADR:;;1 Main St;Seattle;WA;{card['zip']};US"] if card["zip"] else []
        lines += ["END:VCARD"]
    return "\r\n".join([*lines, ""])


def bring(practice, folder, cards) -> dict:
    path = folder / "cards.vcf"
    path.write_text(as_vcards(cards))
    return importing.import_file(path, practice=practice, by_name="test")


def settled(practice, known: list[dict], folder, owner) -> None:
    """A practice with people in it, one of whom said stop."""
    bring(practice, folder, known)
    first = Connection.objects.order_by("pk").first()
    resting.stop(first, on=TODAY, how="asked", by=owner)
    a_connection("Somebody Else")


#: Shrinking takes longer than reading the cards.
LAW = examples(12, phases=[Phase.explicit, Phase.generate])


@LAW
@given(known=CARDS, coming=CARDS)
def test_import_then_undo_restores_every_byte(practice, owner, tmp_path, known, coming):
    with transaction.atomic():
        settled(practice, known, tmp_path, owner)
        before = pictures()
        answer = bring(practice, tmp_path, coming)
        again = bring(practice, tmp_path, coming)
        assert again["created"] == again["updated"] == 0, f"the same file twice: {again}\n{known}\n{coming}"
        if answer["import"]:
            importing.undo(answer["import"], by_name="test")
        assert pictures() == before
        assert differing(practice) == []
        transaction.set_rollback(True)


@LAW
@example(known=[a_card("Amara Lindqvist")], coming=[a_card("Cy Lee")], used=2, what="touch")
@given(known=CARDS, coming=CARDS, used=st.integers(0, 20), what=st.sampled_from(["touch", "stop", "tag", "edit"]))
def test_what_was_used_since_stays_and_stops_stand(practice, owner, tmp_path, known, coming, used, what):
    with transaction.atomic():
        settled(practice, known, tmp_path, owner)
        said = set(Stop.objects.values_list("connection_id", flat=True))
        answer = bring(practice, tmp_path, coming)
        everyone = list(Connection.objects.order_by("pk"))
        here = everyone[used % len(everyone)]
        if what == "touch":
            touching.log(here, "call", on=TODAY - timedelta(days=1), today=TODAY, by=owner)
        elif what == "stop":
            said.add(resting.stop(here, on=TODAY, how="asked", by=owner).connection_id)
        elif what == "tag":
            connections.tag([here], "seen", by=owner)
        else:
            connections.edit(here, {"how_known": "from the market"}, by=owner)
        recognised = set(Stop.objects.values_list("connection_id", flat=True))
        importing.undo(answer["import"], by_name="test")
        assert Connection.objects.filter(pk=here.pk).exists()
        said |= recognised & set(Connection.objects.values_list("pk", flat=True))
        assert set(Stop.objects.values_list("connection_id", flat=True)) >= said
        assert undo.is_undone(Act.objects.filter(kind="import").order_by("-pk").first())
        assert differing(practice) == []
        transaction.set_rollback(True)


def test_who_stays_because_they_were_used_keeps_telephone_address_and_tags(practice, owner, tmp_path):
    """Half a person is worse than none: what an import or an adding made for somebody stays with them."""
    file = tmp_path / "cards.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Kofi Osei\nTEL:206-555-0101\nEMAIL:kofi@post.example\n"
        "ADR:;;1 Main St;Seattle;WA;98101;\nCATEGORIES:walkers\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Nora Gone\nTEL:206-555-0102\nEND:VCARD\n"
    )
    kept = importing.import_file(file, practice=practice, by_name="test")
    kofi = Connection.objects.get(name="Kofi Osei")
    touching.log(kofi, "call", on=TODAY, today=TODAY, by=owner)
    answer = importing.undo(kept["import"], by_name="test")
    assert [s["name"] for s in answer["stays"]] == ["Kofi Osei"] and answer["removed"] == 1
    assert (kofi.contactpoints.count(), kofi.addresses.count(), kofi.tags.count()) == (2, 1, 1)
    assert not Connection.objects.filter(name="Nora Gone").exists()


def test_who_was_edited_since_keeps_what_came_with_them(practice, owner):
    made = connections.add("Kofi Osei", phones=["206-555-0101"], by=owner)
    act = Act.objects.get(kind="add")
    connections.edit(made, {"note": "Kind"}, by=owner)
    undo.undo(act, by=owner)
    assert made.contactpoints.count() == 1
