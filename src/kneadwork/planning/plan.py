"""The next step of a connection by its playbook, and which steps fit the week. Pure: plain facts in, steps out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STREAM_WAIT = timedelta(days=21)
THANKS_MINUTES = 5
#: The key of a step that somebody planned by hand.
PLANNED = "planned"
#: Steps for which somebody waits.
OWED = ("promise", "answer", PLANNED)
OUTGOING = {"letter", "email", "call", "visit", "meeting", "message", "ask"}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the next step depends on. reach: kinds of contact known (post, email, phone); postponed: step → until;
    trusted: a standing `yes`; planned: how, when and how long somebody means to be in touch; sent_on: when they last told of somebody they sent, None where that may not show;
    open_days: weekdays (Monday 0) on which colleagues may drop in; slowly: every wait is twice as long;
    steps: the playbook that holds for them, None for the shipped one of their stream."""

    stream: str
    stage: str
    kind: str = "person"
    reach: frozenset[str] = frozenset()
    stopped: bool = False
    retired: bool = False
    flagged: bool = False
    first_touch_on: date | None = None
    last_touch_on: date | None = None
    they_wrote_on: date | None = None
    we_wrote_on: date | None = None
    tried: frozenset[str] = frozenset()
    conversation: bool = False
    insights: int = 0
    verdict: str = ""
    trusted: bool = False
    review_on: date | None = None
    gifts: int = 0
    asked: bool = False
    sent_on: date | None = None
    promise: tuple[str, date] | None = None
    planned: tuple[str, date, int] | None = None
    missing: tuple[str, ...] = ()
    postponed: dict[str, date | None] = field(default_factory=dict)
    added_on: date | None = None
    distance_m: float | None = None
    open_days: frozenset[int] = frozenset()
    slowly: bool = False
    steps: Sequence[Mapping] | None = None

    @property
    def reachable(self) -> bool:
        """Whether any way to write to them or to call them is known."""
        return bool(self.reach & {"post", "email", "phone"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which, of what kind, from when on, how long, and why (reason: a key for `reason_words`; purpose: the
    practice's own words in its place)."""

    key: str
    kind: str
    due_on: date
    minutes: int
    reason: str
    template: str = ""
    purpose: str = ""


@lru_cache(maxsize=1)
def playbooks() -> dict:
    """The shipped playbooks and chances."""
    return yaml.safe_load(files("kneadwork.planning").joinpath("data/playbooks.yaml").read_text("utf-8"))


def next_step(facts: StepFacts, *, on: date) -> Step | None:
    """The one next step: what is owed (a promise, an answer) or was planned by hand, thanks, a review, else the playbook's; None if there is none.

    A stop leaves nothing, for good. A rest, a no and a practice that is gone leave only the promise: our word stands. While a red flag is
    open they get what is owed and thanks, and nobody is sought out (PRODUCT.md rule 4: it forces `no`). Of a promise, an answer
    and what was planned the earlier is first, so that a promise for next month does not keep anybody waiting.
    """
    if facts.stopped:
        return None
    promise = Step("promise", "promise", facts.promise[1], 10, "promise") if facts.promise else None
    quiet = facts.retired or facts.stage in ("declined", "resting")
    owed = [promise] if quiet else [promise, _answer(facts), _planned(facts)]
    standing = [step for step in (_unless_put_off(o, facts) for o in owed if o) if step]
    if standing:
        return min(standing, key=lambda step: step.due_on)
    if quiet:
        return None
    thanks = _thanks(facts, on)
    return thanks if thanks or facts.flagged else _review(facts, on) or _by_playbook(facts, on)


def _answer(facts: StepFacts) -> Step | None:
    """The answer to their newest word, by the quickest way known, where ours is older."""
    if facts.they_wrote_on is None or (facts.we_wrote_on and facts.we_wrote_on >= facts.they_wrote_on):
        return None
    if not facts.reachable:
        return Step("answer", "reach", facts.they_wrote_on, 5, "answer_reach")
    ways = (("phone", "call"), ("email", "email"), ("post", "letter"))
    kind = next(kind for way, kind in ways if way in facts.reach)
    return Step("answer", kind, facts.they_wrote_on, 10, "answer")


def _planned(facts: StepFacts) -> Step | None:
    """What somebody planned for a day, as it was planned."""
    if facts.planned is None:
        return None
    how, due_on, minutes = facts.planned
    return Step(PLANNED, how, due_on, minutes, PLANNED)


def _thanks(facts: StepFacts, on: date) -> Step | None:
    """Thanks to who told of somebody they sent, where no word went to them since; whether anybody came plays no part."""
    if facts.sent_on is None or not facts.sent_on <= on < thanks_end(facts.sent_on):
        return None
    if facts.we_wrote_on and facts.we_wrote_on >= facts.sent_on:
        return None
    kind, reason = ("thanks", "thanks") if facts.reachable else ("reach", "reach")
    return _unless_put_off(Step("thanks", kind, facts.sent_on, THANKS_MINUTES, reason), facts)


def thanks_end(sent_on: date) -> date:
    """From this day on thanks for somebody they told of would come too late."""
    return sent_on + timedelta(days=playbooks()["thanks_days"])


def _review(facts: StepFacts, on: date) -> Step | None:
    if facts.review_on is None or facts.review_on > on:
        return None
    return _unless_put_off(Step("review", "review", facts.review_on, 15, "review"), facts)


def _by_playbook(facts: StepFacts, on: date) -> Step | None:
    if facts.first_touch_on is None and (facts.distance_m or 0) > playbooks()["too_far_m"]:
        return None
    for row in playbooks()[facts.stream] if facts.steps is None else facts.steps:
        if (
            _done(row, facts)
            or not _prepared(row, facts)
            or (facts.stream == "clients" and facts.last_touch_on is None)
        ):
            continue
        kind = _reachable(row, facts)
        if kind is None or (kind == "ask" and facts.missing):
            continue
        step_or_none = _unless_put_off(_step_of(row, kind, facts, on), facts)
        if step_or_none:
            return step_or_none
    return None


def _step_of(row: Mapping, kind: str, facts: StepFacts, on: date) -> Step:
    start = facts.last_touch_on or facts.added_on or on
    wait = timedelta(days=row["wait"] * (2 if facts.slowly else 1)) if facts.last_touch_on else timedelta()
    if kind == "reach":
        return Step("find_reach", "reach", start + wait, 5, "reach")
    due = open_day(max(start + wait, on), facts.open_days) if kind == "visit" and facts.open_days else start + wait
    return Step(row["key"], kind, due, row["minutes"], _reason(row, kind, facts), row.get("template", ""),
                row.get("purpose", ""))  # fmt: skip


def open_day(earliest: date, weekdays: frozenset[int]) -> date:
    """The first day from `earliest` on that is one of these weekdays."""
    return next(day for day in (earliest + timedelta(days=n) for n in range(7)) if day.weekday() in weekdays)


def _done(row: Mapping, facts: StepFacts) -> bool:
    """Whether the step's purpose is reached, so that the next one is looked at."""
    return {
        None: False, "touched": facts.first_touch_on is not None, "conversation": facts.conversation
        or row["kind"] in facts.tried, "insights": facts.insights >= 2, "verdict": bool(facts.verdict),
        "gift": facts.gifts > 0, "asked": facts.asked,
    }[row.get("until")]  # fmt: skip


def _prepared(row: Mapping, facts: StepFacts) -> bool:
    """Whether what the step needs is there: nothing is learned, judged or given before anybody talked."""
    return {None: True, "conversation": facts.conversation, "touched": facts.first_touch_on is not None}[
        row.get("needs")
    ]


#: What a kind of contact needs, and by what else it may be made, the first that is known.
NEEDS = {"letter": "post", "email": "email", "call": "phone", "visit": "post"}
INSTEAD = {"letter": ("email", "call"), "message": ("email", "call", "letter")}


def _reachable(row: Mapping, facts: StepFacts) -> str | None:
    """The step's channel or the next best that is known; "reach" where none at all is; None where this one is not."""
    kind = row["kind"]
    if kind not in OUTGOING:
        return kind
    if not facts.reachable:
        return "reach"
    if kind in ("meeting", "ask") or NEEDS.get(kind) in facts.reach:
        return kind
    return next((k for k in INSTEAD.get(kind, ()) if NEEDS[k] in facts.reach), None)


#: The reason of a step that a practice added to its playbook, by what is done.
REASON_OF = {"letter": "stay_in_touch", "email": "stay_in_touch", "message": "stay_in_touch", "meeting": "coffee"}


def _reason(row: Mapping, kind: str, facts: StepFacts) -> str:
    key = row["key"]
    if "-" in key:  # an own one: kind and number
        key = REASON_OF.get(row["kind"], row["kind"])
    if facts.first_touch_on is None and kind in ("letter", "email", "call") and key in ("first_letter", "call"):
        return f"first_{kind}"
    if key == "gift" and not facts.trusted:
        return "gift_before_trust"
    if key == "ask" and facts.stream == "personal":
        return "ask_personal"
    return "no_answer" if key == "call" and not facts.they_wrote_on else key


def _unless_put_off(step: Step, facts: StepFacts) -> Step | None:
    """The step, later if it was put off, or None where it was said: not this step."""
    if step.key not in facts.postponed:
        return step
    until = facts.postponed[step.key]
    if until is None:
        return None
    if until <= step.due_on:
        return step
    return Step(step.key, step.kind, until, step.minutes, step.reason, step.template, step.purpose)


def value(kind: str, rank: float) -> float:
    """Expected good referrals within twelve months that a step of this kind adds; rank: good referrals a year."""
    return rank * playbooks()["chances"].get(kind, 0.1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A step that could be proposed. place: those of one office share it. urgent: somebody waits for it."""

    id: int
    name: str
    stream: str
    place: str
    step: Step
    value: float

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for it."""
        return self.step.key in OWED


def choose(
    candidates: Sequence[Candidate], *, minutes: int, on: date, neglected: frozenset[str] = frozenset(),
    at_most: int = 6, at_least: int = 3,
) -> list[Candidate]:  # fmt: skip
    """The steps that fit the minutes: what somebody waits for first, then the best per minute, streams in balance.

    One step per connection and per office. Not over the minutes, but where nothing fits the smallest is offered; with no
    minutes at all (a holiday) only promises stand. A long step gives way where it would leave fewer than at_least. The
    same candidates in another order give the same answer.
    """
    due = sorted((c for c in candidates if c.step.due_on <= on), key=_order)
    if minutes <= 0:
        return [c for c in due if c.step.key == "promise"][:at_most]
    urgent = [c for c in due if c.urgent]
    balance = [next((c for c in due if c.stream == s and not c.urgent), None) for s in sorted(neglected)]
    wanted = [*urgent, *(c for c in balance if c), *due]
    chosen = _fitting(wanted, minutes, at_most)
    if len(chosen) < at_least:
        short = [c for c in wanted if c.urgent or c.step.minutes * at_least <= minutes]
        chosen = max(chosen, _fitting(short, minutes, at_most), key=len)
    if not chosen and due:
        chosen = [min(due, key=lambda c: (c.step.minutes, _order(c)))]
    return sorted(chosen, key=_order)


def _fitting(wanted: Sequence[Candidate], minutes: int, at_most: int) -> list[Candidate]:
    """In the order wanted, as many as fit: one per connection and per office."""
    chosen: list[Candidate] = []
    people: set[int] = set()
    places: set[str] = set()
    for one in wanted:
        if len(chosen) == at_most:
            break
        if one.id in people or one.place in places or one.step.minutes > minutes:
            continue
        chosen.append(one)
        people.add(one.id)
        places |= {one.place} - {""}
        minutes -= one.step.minutes
    return chosen


def _order(c: Candidate) -> tuple:
    """Promises by their day, answers and what was planned by theirs, then by value per minute; ties by name and id."""
    if c.urgent:
        return (0, c.step.key != "promise", c.step.due_on.toordinal(), c.name.casefold(), c.id)
    return (1, False, -c.value / max(1, c.step.minutes), c.name.casefold(), c.id)


def reason_words(reason: str, *, on: date, facts_on: date | None = None, words: str = "") -> str:
    """Why a step is proposed, in one or two sentences."""
    days = (on - facts_on).days if facts_on else 0
    return {
        "promise": _("You promised: %(words)s") % {"words": words},
        "answer": _("They were in touch, and wait for you."),
        "planned": _("You planned this: %(words)s") % {"words": words},
        "answer_reach": _("They were in touch and wait for you, but no telephone, e-mail or address of theirs is known."),
        "reach": _("No telephone, e-mail or address is known. Look at their website, or ask somebody who knows them."),
        "thanks": _("They sent somebody. Thank them for their trust, and name nobody: who came is not theirs to know."),
        "review": _("A year has passed since you decided to trust them. Look again with your own eyes."),
        "first_letter": _("You have not been in touch yet. A letter that asks about their work is an easy beginning."),
        "first_email": _("You have not been in touch yet. A short e-mail that asks about their work is an easy beginning."),
        "first_call": _("You have not been in touch yet. A short call, with questions about them, is a beginning."),
        "call": _("Hear how they are, and ask what you would like to know about their work."),
        "no_answer": ngettext(
            "Your last contact was %(days)d day ago. A short call, with questions about them, comes next.",
            "Your last contact was %(days)d days ago. A short call, with questions about them, comes next.", days,
        ) % {"days": days},
        "visit": _("Seeing where they work tells more than any website. Go in their open hours, and look around."),
        "insight": _("Write down what you learned about them while you remember it."),
        "vet": _("You have been in conversation. Would you send your mother there? Decide with your own eyes."),
        "gift": _("You trust them. Give something first: useful information, an introduction, or help."),
        "gift_before_trust": _("You have talked, and given nothing yet. Useful information, or help, decides nothing."),
        "ask_personal": _("You have talked, and no promise is open. Asking, with exact directions, is in order."),
        "ask": _("You know them, trust them and gave first. Asking, with exact directions, is in order."),
        "stay_in_touch": _("It has been a while. A few words keep the door open."),
        "hello": _("A few friendly words, without a purpose, are the beginning."),
        "coffee": _("Have a coffee together and be curious about what they do."),
        "note": _("They know your work best. A few words of thanks cost little."),
    }.get(reason, "")  # fmt: skip
