"""Two that are one, and two that are two: a merge keeps everything and can be taken back; a stop survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.common import undo
from kneadwork.network import connections, giving, insights, merging, resting, touching
from kneadwork.network.models import Client, Connection, ContactPoint, MergeProposal, NotTheSame, Stop, Tag
from kneadwork.referrals.models import Referral
from tests.builders import TODAY, a_connection
from tests.sampling import examples
from tests.test_imports import pictures


def a_pair(**more) -> tuple[Connection, Connection]:
    keep = a_connection("Amara Lindqvist DC", phones=["206-555-0101"], **more)
    gone = a_connection("A. Lindqvist", stream="personal", phones=["206-555-0101"], emails=["amara@spine.example"])
    return keep, gone


def test_a_merge_keeps_every_touch_and_what_both_have_once(practice, owner):
    keep, gone = a_pair()
    connections.tag([keep, gone], "neighbour", by=owner)
    touching.log(keep, "call", on=TODAY, today=TODAY, by=owner)
    touching.log(gone, "letter", on=TODAY, today=TODAY, by=owner)
    merging.merge(keep, gone, by=owner)
    one = Connection.objects.get()
    assert one.pk == keep.pk and one.other_names == ["A. Lindqvist"]
    assert one.touches.count() == 2
    assert sorted(ContactPoint.objects.values_list("kind", flat=True)) == ["email", "phone"]
    assert Tag.objects.count() == 1


def test_the_value_of_each_field_is_the_one_chosen(practice, owner):
    keep, gone = a_pair()
    fields = {p.field: p for p in merging.compare(keep, gone)}
    assert fields["name"].differs and fields["name"].proposed == "keep"
    merging.merge(keep, gone, {"name": "gone", "stream": "gone", "nonsense": "gone"}, by=owner)
    one = Connection.objects.get()
    assert (one.name, one.stream, one.other_names) == ("A. Lindqvist", "personal", ["Amara Lindqvist DC"])


def test_two_registry_numbers_are_two(practice, owner):
    keep, gone = a_pair(npi="1679576722")
    Connection.objects.filter(pk=gone.pk).update(npi="1588667638")
    with pytest.raises(merging.MergeRefused):
        merging.merge(keep, Connection.objects.get(pk=gone.pk), by=owner)


def test_the_registrys_one_stays(practice, owner):
    first, second = a_pair()
    Connection.objects.filter(pk=second.pk).update(npi="1679576722")
    keep, _gone = merging.ordered(first, Connection.objects.get(pk=second.pk))
    assert keep.pk == second.pk


def test_one_client_twice_becomes_one_whose_referral_is_kept(practice, owner):
    from kneadwork.common import acts

    keep, gone = a_connection("Ana Ruiz", stream="clients"), a_connection("Ana R", stream="clients")
    source = a_connection()
    with acts.act("test", by=owner):
        Client(connection=keep, name=keep.name, visits=2, first_visit=TODAY).save()
        theirs = Client(connection=gone, name=gone.name, visits=5)
        theirs.save()
        Referral(connection=source, person="Ana R", client=theirs, on=TODAY).save()
    act = merging.merge(keep, gone, by=owner)
    client = Client.objects.get()
    assert (client.visits, client.first_visit) == (5, TODAY)
    assert Referral.objects.get().client_id == client.pk
    undo.undo(act, by=owner)
    assert Client.objects.count() == 2 and Referral.objects.get().client_id == theirs.pk


def test_not_the_same_is_remembered_and_no_longer_proposed(practice, owner):
    from kneadwork.common import acts
    from kneadwork.common.ids import new_id  # noqa: F401
    from tests.builders import now

    keep, gone = a_pair()
    low, high = sorted((keep.pk, gone.pk))
    with acts.act("test", by=owner):
        MergeProposal(low_id=low, high_id=high, reason="the same telephone", proposed_at=now()).save()
    merging.not_the_same(gone, keep, by=owner)
    assert not MergeProposal.objects.exists()
    assert list(NotTheSame.objects.values_list("low_id", "high_id")) == [(low, high)]


def test_a_stop_survives_a_merge_and_its_undo_whoever_said_it(practice, owner):
    keep, gone = a_pair()
    resting.stop(gone, on=TODAY, how="by telephone", by=owner)
    act = merging.merge(keep, gone, by=owner)
    assert Stop.objects.get().connection_id == keep.pk
    undo.undo(act, by=owner)
    assert Stop.objects.get().connection_id == gone.pk


def test_a_stop_said_while_they_were_one_holds_for_both_after_they_are_taken_apart(practice, owner):
    keep, gone = a_pair()
    act = merging.merge(keep, gone, by=owner)
    resting.stop(Connection.objects.get(), on=TODAY, how="by telephone", by=owner)
    undo.undo(act, by=owner)
    assert {s.connection_id for s in Stop.objects.all()} == {keep.pk, gone.pk}


THINGS = ("touch", "insight", "gift", "tag", "rest", "stop", "email")


def happen(things: list[str], c: Connection, owner) -> None:
    """A short history of one connection."""
    for n, what in enumerate(things):
        if what == "touch":
            touching.log(c, "call", on=TODAY, today=TODAY, by=owner)
        elif what == "insight":
            insights.learn(c, f"They value {n}", on=TODAY, by=owner)
        elif what == "gift":
            giving.give(c, "information", on=TODAY, by=owner)
        elif what == "tag":
            connections.tag([c], f"word{n % 2}", by=owner)
        elif what == "rest":
            resting.rest(c, since=TODAY, by=owner)
        elif what == "stop":
            resting.stop(c, on=TODAY, how="asked", by=owner)
        else:
            connections.add_contact(c, "email", f"same{n % 2}@post.example", by=owner)


@examples(12)
@given(st.lists(st.sampled_from(THINGS), max_size=6), st.lists(st.sampled_from(THINGS), max_size=6), st.booleans())
def test_merge_then_undo_restores_every_byte_and_stops_stay(practice, owner, first, second, theirs):
    one, other = a_connection(phones=["206-555-0101"]), a_connection(stream="personal", phones=["206-555-0101"])
    happen(first, one, owner)
    happen(second, other, owner)
    before, stopped = pictures(), Stop.objects.count()
    act = merging.merge(one, other, {"name": "gone" if theirs else "keep"}, by=owner)
    assert bool(Stop.objects.filter(connection=one).exists()) == bool({"stop"} & {*first, *second})
    undo.undo(act, by=owner)
    assert pictures() == before and Stop.objects.count() >= stopped


def test_undo_restores_moments_to_the_microsecond(practice, owner):
    one, other = a_connection("Ana Ruiz"), a_connection("Ana Ruiz")
    moment = one.added_at.replace(microsecond=123)
    Connection.objects.filter(pk=other.pk).update(added_at=moment)
    act = merging.merge(one, Connection.objects.get(pk=other.pk), {}, by=owner)
    undo.undo(act, by=owner)
    assert Connection.objects.get(pk=other.pk).added_at == moment
