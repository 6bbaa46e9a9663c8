"""Them first, whatever happens and in whatever order: no ask before its conditions, nobody sent without a yes or the owner's word.

What must hold is told here once more in plain words from the records, apart from the rules of the product.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.api.tests.program import Program
from kneadwork.network import dropping_in, giving, insights, resting, touching, vetting
from kneadwork.network.models import Connection, Gift, Introduction, IntroductionSide, Override
from kneadwork.planning import playbooks, today
from kneadwork.practice import setting_up
from kneadwork.practice.models import Role
from kneadwork.practice.rights import NotAllowed
from kneadwork.referrals import asking, referring
from tests.builders import a_connection, a_member, judge
from tests.sampling import examples

DAY = timedelta(days=1)
STREAMS = ("medical", "business", "personal", "clients")
ONLY_ASK = [{"kind": "ask", "wait": 0, "minutes": 5}]


def stands_yes(here: Connection) -> bool:
    """The newest verdict is yes, and no red flag is open."""
    verdicts = sorted(here.verdicts.all(), key=lambda v: (v.on, v.pk))
    return bool(verdicts) and verdicts[-1].answer == "yes" and not here.redflags.filter(resolved_on=None).exists()


def talked(here: Connection) -> bool:
    """A visit, a meeting, a call that was answered, or written words in both directions."""
    touches = list(here.touches.all())
    written = {t.from_them for t in touches if t.channel in ("letter", "email", "message")}
    return written == {True, False} or any(
        t.channel in ("visit", "meeting") or (t.channel == "call" and t.answered) for t in touches
    )


def may_be_asked(here: Connection, on) -> bool:
    """PRODUCT.md, Before an ask; of clients nobody is ready yet."""
    open_promise = here.promises.filter(kept_on=None, let_go_on=None).exists()
    if here.stops.exists() or here.rests.filter(resting.open_rests(on)).exists():
        return False
    lately = [a for a in here.asks.all() if a.on > on - timedelta(days=90)]
    refused = here.asks.order_by("on", "pk").last()
    if lately or (refused and refused.answer == "no"):
        return False
    return {
        "medical": here.insights.count() >= 2 and talked(here) and stands_yes(here) and here.gifts.exists(),
        "business": here.insights.count() >= 2 and talked(here) and stands_yes(here) and here.gifts.exists(),
        "personal": talked(here) and not open_promise,
        "clients": False,
    }[here.stream]


class World:
    """A small practice in which things happen to one of four people, on a day of the last year."""

    def __init__(self, practice, owner) -> None:
        self.practice, self.owner, self.on = practice, owner, setting_up.today(practice)
        self.people = [a_connection(f"Person {s}", stream=s, phones=["206-555-0101"]) for s in STREAMS]
        self.members = {"owner": owner} | {role: a_member(owner, role) for role in (Role.THERAPIST, Role.HELPER)}
        self.clients = {}
        for name, member in self.members.items():
            self.clients[name] = Client()
            self.clients[name].force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def do(self, what: str, who: int, ago: int) -> None:
        getattr(self, f"_{what}")(self.people[who % 4], self.on - DAY * ago, ago)

    def _touch(self, here, on, n) -> None:
        channel = ("letter", "call", "visit", "email")[n % 4]
        touching.log(here, channel, on=on, today=self.on, from_them=n % 3 == 0, answered=n % 5 > 0, by=self.owner)

    def _insight(self, here, on, n) -> None:
        insights.learn(here, "They value time", on=on, by=self.owner)

    def _verdict(self, here, on, n) -> None:
        if not here.redflags.filter(resolved_on=None).exists():
            judge(here, ("yes", "yes", "not yet", "no")[n % 4], on=on, by=self.owner)

    def _flag(self, here, on, n) -> None:
        vetting.raise_flag(here, "Rushed", on=on, by=self.owner)

    def _resolve(self, here, on, n) -> None:
        for flag in here.redflags.filter(resolved_on=None):
            vetting.resolve_flag(flag, "Explained", on=self.on, by=self.owner)

    def _gift(self, here, on, n) -> None:
        giving.give(here, ("information", "help", "client")[n % 3], on=on, by=self.owner)

    def _promise(self, here, on, n) -> None:
        giving.promise(here, "A card", due_on=self.on + DAY, by=self.owner)

    def _keep(self, here, on, n) -> None:
        for promise in here.promises.filter(kept_on=None):
            giving.keep(promise, on=self.on, by=self.owner)

    def _rest(self, here, on, n) -> None:
        resting.rest(here, since=on, until=on + DAY * 30, by=self.owner)

    def _stop(self, here, on, n) -> None:
        resting.stop(here, on=on, how="asked", by=self.owner)

    def _slow(self, here, on, n) -> None:
        resting.slow(here, on=on, by=self.owner)

    def _ask(self, here, on, n) -> None:
        asking.answer(asking.record(here, "call", on=on, missing=(), by=self.owner), ("yes", "later", "no")[n % 3],
                      on=self.on, by=self.owner)  # fmt: skip

    def _referral(self, here, on, n) -> None:
        referring.record(here, "Somebody", on=on, today=self.on, by=self.owner)

    def _hours(self, here, on, n) -> None:
        dropping_in.keep(here, n % 7, by=self.owner)

    def _playbook(self, here, on, n) -> None:
        playbooks.keep(here.stream, "", ONLY_ASK, by=self.owner)


def things() -> list[str]:
    return sorted(name[1:] for name in vars(World) if name.startswith("_") and not name.startswith("__"))


HAPPENINGS = st.lists(st.tuples(st.sampled_from(things()), st.integers(0, 3), st.integers(0, 360)), max_size=25)
#: A history in which everything for an ask is likely to be there, so that asks are proposed at all.
READY = [("touch", 0, 102), ("insight", 0, 101), ("insight", 0, 100), ("verdict", 0, 100), ("gift", 0, 99),
         ("touch", 2, 102), ("playbook", 0, 0), ("playbook", 2, 0)]  # fmt: skip
LAW = examples(12)


def asks_proposed(world: World) -> list[Connection]:
    """Those of whom Today proposes an ask, today or within the next months."""
    found = []
    for days in (0, 15, 100):
        on = world.on + DAY * days
        for action in today.actions(world.practice, on=on, minutes=10_000, all_streams=True, at_most=50):
            if action.step.kind == "ask":
                assert may_be_asked(action.connection, on), action.connection.name
                found.append(action.connection)
    return found


@LAW
@given(shuffled=st.permutations(READY), happenings=HAPPENINGS)
def test_today_never_proposes_an_ask_before_its_conditions(practice, owner, shuffled, happenings):
    with transaction.atomic():
        world = World(practice, owner)
        for what, who, ago in [*shuffled, *happenings]:
            world.do(what, who, ago)
        asks_proposed(world)
        transaction.set_rollback(True)


def test_where_everything_is_there_today_does_propose_the_ask(practice, owner):
    world = World(practice, owner)
    for what, who, ago in READY:
        world.do(what, who, ago)
    assert {here.stream for here in asks_proposed(world)} == {"medical", "personal"}


WAYS = st.tuples(
    st.sampled_from(["page", "api", "verb", "introduce"]), st.sampled_from(["owner", Role.THERAPIST, Role.HELPER]),
    st.sampled_from(["referral", "introduction", "recommendation"]), st.integers(0, 3), st.sampled_from(["", "My own sister"]),
)  # fmt: skip
JUDGED = st.tuples(st.sampled_from(["verdict", "flag", "resolve"]), st.integers(0, 3), st.integers(0, 360))


@LAW
@given(steps=st.lists(st.one_of(WAYS, JUDGED), max_size=14))
def test_no_way_sends_or_introduces_without_a_yes_or_the_owners_reason(practice, owner, steps):
    with transaction.atomic():
        world = World(practice, owner)
        for step in steps:
            if len(step) == 3:
                world.do(*step)
            else:
                attempt(world, *step)
        transaction.set_rollback(True)


def attempt(world: World, way: str, who: str, form: str, number: int, reason: str) -> None:
    """One way of sending or introducing; whatever it recorded of somebody without a yes names the owner's reason."""
    here, other = world.people[number], world.people[(number + 1) % 4]
    trusted = {one.pk: stands_yes(one) for one in (here, other)}
    before = set(Gift.objects.values_list("pk", flat=True)) | set(Introduction.objects.values_list("pk", flat=True))
    {"page": by_page, "api": by_api, "verb": by_verb, "introduce": by_introducing}[way](
        world, who, form, here, other, reason
    )
    kept = [*Gift.objects.exclude(pk__in=before), *IntroductionSide.objects.exclude(introduction__in=before)]
    for row in kept:
        assert trusted[row.connection_id] or (row.override and row.override.why), (way, who, form)
        assert row.override is None or (
            row.override.by == world.owner and row.override.connection_id == row.connection_id
        )
    assert who == "owner" or not Override.objects.exclude(by=world.owner).exists()


def by_page(world, who, form, here, other, reason) -> None:
    given_ = {"form": form, "words": "x"} | ({"override": reason} if reason else {})
    answer = world.clients[who].post(reverse("network:record", args=[here.pk, "gifts"]), given_)
    assert answer.status_code in (302, 404, 409)


def by_api(world, who, form, here, other, reason) -> None:
    answer = Program(world.members[who]).post("/gifts", {"connection": here.ref, "form": form, "override": reason})
    assert answer.status_code in (201, 403, 404, 422), answer.content


def by_verb(world, who, form, here, other, reason) -> None:
    try:
        giving.give(here, form, on=world.on, override_reason=reason, by=world.members[who])
    except (vetting.NotTrusted, NotAllowed):
        pass


def by_introducing(world, who, form, here, other, reason) -> None:
    page, address = world.clients[who], reverse("network:record", args=[here.pk, "introductions"])
    answer = page.post(address, {"other": other.ref} | ({"override": reason} if reason else {}))
    assert answer.status_code in (302, 404, 409)
    for side in IntroductionSide.objects.filter(connection=here):
        for one in side.introduction.sides.all():
            page.post(address, {"side": one.pk, "said": "agreed"})
        page.post(address, {"introduction": side.introduction_id, "said": "made"})
