"""Keeps the derived row of each connection true: stage, scores and next step, from records and the day.

`compute` is the fresh computation; `keep` writes it where the list and Today read it. `doctor` and a property test hold
the one against the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kneadwork.common import bulk, derived
from kneadwork.common.ids import new_id
from kneadwork.common.tenancy import current_practice_id
from kneadwork.facts.zips import metres
from kneadwork.network.history import History, held, histories
from kneadwork.network.models import Connection, Gift, Stage, Standing
from kneadwork.network.stage_rules import StageFacts, had_conversation, stage_of
from kneadwork.network.stage_rules import changes_on as stage_changes_on
from kneadwork.network.vetting import review_due
from kneadwork.planning import plan, playbooks, score
from kneadwork.planning.score import Score
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import local_day, today
from kneadwork.referrals.asking_rules import AskFacts, missing_before_ask
from kneadwork.referrals.history import ReferralHistory
from kneadwork.referrals.history import held as held_of_referrals
from kneadwork.referrals.history import histories as referral_histories

CHUNK = 500
#: The columns that a computation fills.
KEPT = tuple(
    f.attname for f in Standing._meta.concrete_fields if f.attname not in ("id", "practice_id", "connection_id")
)


@dataclass(frozen=True, slots=True)
class View:
    """One connection with everything the rules asked and answered: for its page, and for its kept row.

    What is called open, and `step`, knows of no referral: it is kept for everybody, and shown to those who may not see them.
    """

    history: History
    referrals: ReferralHistory
    stage: str
    stage_open: str
    row: score.Row
    row_open: score.Row
    score: Score
    score_open: Score
    missing: tuple[str, ...]
    step: plan.Step | None
    step_all: plan.Step | None
    distance_m: float | None

    def step_for(self, *, all_streams: bool) -> plan.Step | None:
        """The next step: for members who may see referrals the one that knows of them."""
        return self.step_all if all_streams else self.step


def views(ids: Iterable[int], practice: Practice, *, on: date) -> dict[int, View]:
    """The views of these connections on a day: a fixed number of queries."""
    return _views(histories(list(ids)), practice, on)


def view_of(connection: Connection, practice: Practice, *, on: date, kept: Standing | None = None) -> View:
    """The view of a connection that was read already; kept: its kept row as it stands now, which spares queries."""
    holds = None if kept is None or kept.holds is None else frozenset(kept.holds.split())
    known = histories([connection.pk], [connection], holds=holds)
    return _views(known, practice, on, holds)[connection.pk]


def _views(
    known: dict[int, History], practice: Practice, on: date, holds: frozenset[str] | None = None
) -> dict[int, View]:
    sent, books = referral_histories(known, holds=holds), playbooks.own()
    return {pk: _view(history, sent[pk], practice, books, on) for pk, history in known.items()}


def _view(history: History, sent: ReferralHistory, practice: Practice, books: playbooks.Books, on: date) -> View:
    facts = _stage_facts(history, sent)
    stage = stage_of(facts, on=on)
    bare = StageFacts(
        facts.verdict, facts.open_flag, facts.refused_ask, facts.rests, (), facts.conversation, facts.touched
    )
    stage_open = stage_of(bare, on=on)
    distance = _distance(history, practice)
    known_since = local_day(practice, history.connection.added_at)
    row = _row(history, sent, stage, distance, known_since, practice.place_rough, on)
    row_open = replace(row, stage=stage_open, referrals=(), gifts=len(_open_gifts(history)),
                       last_touch_on=_last_contact(history, _open_gifts(history)))  # fmt: skip
    missing = _missing(history, sent, stage_open, facts, practice, on)
    asked = replace(_step_facts(history, sent, stage_open, facts, missing, known_since), distance_m=distance,
                    steps=playbooks.steps_for(books, history.connection.stream, history.connection.profession))  # fmt: skip
    step = plan.next_step(asked, on=on)
    told = max(sent.told, default=None)
    return View(
        history, sent, stage, stage_open, row, row_open, score.score(row, on=on), score.score(row_open, on=on), missing,
        step, plan.next_step(replace(asked, sent_on=told), on=on) if told else step, distance,
    )  # fmt: skip


def _last_contact(history: History, gifts: Sequence[Gift] | None = None) -> date | None:
    """The newest contact in either direction: a touch, or something given (of these gifts, else of all)."""
    given = history.gifts if gifts is None else gifts
    return max([*(t.on for t in history.touches), *(g.on for g in given)], default=None)


def _open_gifts(history: History) -> list[Gift]:
    """What was given, without those who were sent: they are referrals."""
    return [gift for gift in history.gifts if gift.form != Gift.Form.REFERRAL]


def _stage_facts(history: History, sent: ReferralHistory) -> StageFacts:
    rests = [(r.since, r.until) for r in history.rests if r.ended_on is None]
    verdict = history.verdict.answer if history.verdict else ""
    touches = [(t.channel, t.from_them, t.answered) for t in history.touches]
    refused = bool(sent.asks) and sent.asks[-1].answer == "no"
    return StageFacts(
        verdict, bool(history.open_flags), refused, tuple(rests), tuple(sent.referrals), had_conversation(touches),
        bool(touches),
    )  # fmt: skip


def _distance(history: History, practice: Practice) -> float | None:
    ours, theirs = practice.place, history.connection.place
    return metres(*ours, *theirs) if ours and theirs else None


def _row(
    history: History,
    sent: ReferralHistory,
    stage: str,
    distance: float | None,
    known_since: date,
    rough: bool,
    on: date,
) -> score.Row:
    here, touches = history.connection, history.touches
    contacts = [d for d in (_last_contact(history), *sent.told) if d and d <= on]
    return score.Row(
        here.stream, here.profession, distance, stage, max(contacts, default=None),
        any(t.from_them for t in touches), len(history.gifts), _fit(history), tuple(sent.referrals),
        known_since, here.place_rough or rough,
        score.in_hospital(here.stream, here.organisation, here.title, here.name),
    )  # fmt: skip


def _fit(history: History) -> tuple[tuple[str, str], ...]:
    """The answers to the ideal-client questions; other checks of vetting say nothing about how well they fit."""
    questions = score.priors()["fit"]
    return tuple(sorted((key, answer) for key, answer in history.fit.items() if key in questions))


def _missing(history, sent, stage: str, facts: StageFacts, practice: Practice, on: date) -> tuple[str, ...]:
    return missing_before_ask(
        AskFacts(
            history.connection.stream, len(history.insights), facts.conversation,
            facts.verdict == "yes" and not facts.open_flag, len(history.gifts), len(history.promises), history.stopped,
            stage == "resting", stage == "declined", tuple(a.on for a in sent.asks), practice.quiet_days,
            practice.asks_a_year,
        ), on=on,
    )  # fmt: skip


def _step_facts(
    history: History, sent: ReferralHistory, stage: str, facts: StageFacts, missing, known_since: date
) -> plan.StepFacts:
    touches, here = history.touches, history.connection
    ours = [t for t in touches if not t.from_them]
    theirs = [t for t in touches if t.from_them]
    spoke = [t.on for t in touches if not t.from_them or t.channel in ("call", "visit", "meeting")]
    return plan.StepFacts(
        stream=here.stream, stage=stage, kind=here.kind, reach=history.reach, stopped=history.stopped,
        retired=history.retired_on is not None, flagged=facts.open_flag, first_touch_on=touches[0].on if touches else None,
        last_touch_on=_last_contact(history),
        they_wrote_on=max((t.on for t in theirs), default=None), we_wrote_on=max(spoke, default=None),
        tried=frozenset(t.channel for t in ours), conversation=facts.conversation, insights=len(history.insights),
        verdict=facts.verdict, trusted=facts.verdict == "yes" and not facts.open_flag, review_on=review_due(history.verdict), gifts=len(history.gifts), asked=bool(sent.asks),
        promise=(history.promises[0].words, history.promises[0].due_on) if history.promises else None, missing=missing,
        postponed=_postponed(history), added_on=known_since, planned=_planned(history),
        open_days=frozenset(hours.weekday for hours in history.open_hours), slowly=history.slowly,
    )  # fmt: skip


def _planned(history: History) -> tuple[str, date, int] | None:
    step = history.planned
    return (step.how, step.on, step.minutes) if step else None


def _postponed(history: History) -> dict[str, date | None]:
    """Step → until; what was said of an earlier plan says nothing of a newer one."""
    newest = history.planned.pk if history.planned else 0
    return {p.step: p.until for p in history.postponements if p.step != plan.PLANNED or p.pk > newest}


def compute(view: View, *, on: date) -> dict:
    """The kept columns of one connection."""
    here, step = view.history.connection, view.step
    return {
        "name": here.name, "kind": here.kind, "stream": here.stream, "profession": here.profession,
        "stage": view.stage, "stage_open": view.stage_open, "distance_m": view.distance_m,
        "last_touch_on": view.row_open.last_touch_on, "likely": view.score.likely, "likely_open": view.score_open.likely,
        "good": view.score.good, "rank": view.score.rank, "rank_open": view.score_open.rank,
        "next_key": step.key if step else "", "next_kind": step.kind if step else "",
        "next_due": step.due_on if step else None, "next_minutes": step.minutes if step else 0,
        "next_value": plan.value(step.kind, view.score_open.rank) if step else 0.0, "thanks_due": _thanks_due(view),
        "warning": _warning(view), "stopped": view.history.stopped, "as_of": on, "changes_on": _changes_on(view, on),
        "holds": " ".join(sorted(held(view.history) | held_of_referrals(view.referrals))),
    }  # fmt: skip


def _thanks_due(view: View) -> date | None:
    step = view.step_all
    return step.due_on if step and step.key == "thanks" else None


def _warning(view: View) -> str:
    if view.history.open_flags:
        return "red flag"
    if view.history.retired_on:
        return "retired"
    verdict = view.history.verdict.answer if view.history.verdict else ""
    return "not yet checked" if view.stage == "referring" and verdict != "yes" else ""


def _changes_on(view: View, on: date) -> date | None:
    facts = _stage_facts(view.history, view.referrals)
    days = [stage_changes_on(facts, on=on), *(score.changes_on(row, on=on) for row in (view.row, view.row_open))]
    review = review_due(view.history.verdict)
    if review and review > on:
        days.append(review)
    told = [plan.thanks_end(day) for day in view.referrals.told]
    days += [day for day in [*view.referrals.told, *told] if day > on]
    if view.history.open_hours:  # a visit waits for the next day on which they are open to colleagues
        days += [s.due_on + timedelta(days=1) for s in (view.step, view.step_all) if s and s.due_on >= on]
    if view.referrals.asks:
        days.append(on + timedelta(days=1))
    return min((d for d in days if d), default=None)


@derived.keeper
def keep(connections: set[int]) -> None:
    """Write the derived rows of these connections anew, and drop those of connections that are gone."""
    practice = Practice.objects.get(pk=current_practice_id())
    on, wanted = today(practice), sorted(connections)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        seen = views(chunk, practice, on=on)
        have = dict(Standing.objects.filter(connection__in=chunk).values_list("connection_id", "pk"))
        fresh, known = [], []
        for pk, view in seen.items():
            row = Standing(practice_id=practice.pk, connection_id=pk, **compute(view, on=on))
            if pk in have:
                row.pk = have[pk]
            (known if pk in have else fresh).append(row)
        bulk.insert(fresh)
        bulk.update(known, KEPT)


def add_plain(connections: set[int], on: date) -> None:
    """What stands in the list of people who are new until their row is computed, which is due at once."""
    said = ("pk", "name", "kind", "stream", "profession")
    new = Connection.objects.filter(pk__in=connections).values_list(*said)
    practice_id, field = current_practice_id(), Standing._meta.get_field
    unknown = {name: field(name).get_default() for name in KEPT}
    unknown |= {"stage": Stage.FOUND, "stage_open": Stage.FOUND, "as_of": on, "changes_on": on}
    for name in said[1:]:
        del unknown[name]
    names = ("id", "practice_id", "connection_id", *said[1:], *unknown)
    bulk.insert_values(Standing, names, [(new_id(), practice_id, *row, *unknown.values()) for row in new])


def afresh(ids: Iterable[int], practice: Practice, *, on: date) -> Iterator[Standing]:
    """The rows of these connections as they would be kept on a day, not saved."""
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        for pk, view in views(wanted[start : start + CHUNK], practice, on=on).items():
            yield Standing(connection_id=pk, **compute(view, on=on))


def differing(practice: Practice) -> list[int]:
    """Connections of the practice in scope whose kept row is missing, left over, or not as computed anew for its day."""
    ids = list(Connection.objects.order_by("pk").values_list("pk", flat=True))
    wrong = set(
        Standing.objects.exclude(connection__in=Connection.objects.all()).values_list("connection_id", flat=True)
    )
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        kept = {s.connection_id: s for s in Standing.objects.filter(connection__in=chunk)}
        wrong |= set(chunk) - kept.keys()
        by_day: dict[date, list[int]] = {}
        for pk, row in kept.items():
            by_day.setdefault(row.as_of, []).append(pk)
        for day, those in by_day.items():
            for pk, view in views(those, practice, on=day).items():
                fresh = compute(view, on=day)
                if any(getattr(kept[pk], name) != fresh[name] for name in fresh):
                    wrong.add(pk)
    return sorted(wrong)
