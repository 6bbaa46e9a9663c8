"""Today: the next three to six steps that fit the minutes of the week, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Sum

from kneadwork.network.models import Connection, Promise, Standing, Stream, Touch
from kneadwork.planning import keeping, plan, thanking, turning
from kneadwork.planning.keeping import View, views
from kneadwork.planning.playbooks import letter_of
from kneadwork.planning.sentences import as_planned, in_a_sentence
from kneadwork.practice.models import Practice
from kneadwork.practice.setting_up import today as day_of

#: How many of the best, and of those to whom something is owed, are looked at closely.
LOOKED_AT, MOST_OWED = 16, 10
#: The streams that are kept in balance.
BALANCED = (Stream.BUSINESS.value, Stream.MEDICAL.value, Stream.PERSONAL.value)


@dataclass(frozen=True, slots=True)
class Action:
    """One step proposed: with whom, why, how long, what it may bring, what an ask still lacks; a talk said in full."""

    connection: Connection
    step: plan.Step
    reason: str
    value: float
    missing: tuple[str, ...]
    view: View
    sentence: str = ""

    @property
    def id(self) -> str:
        """Stable while the step stands: the connection and the step."""
        return f"{self.connection.ref}-{self.step.key}"


@dataclass(frozen=True, slots=True)
class Today:
    """What the page shows: the actions, minutes planned and left, steps taken per week, promises."""

    actions: list[Action]
    minutes_week: int
    minutes_left: int
    taken: int
    weeks: list[int]
    promises: list[Promise]


@dataclass(frozen=True, slots=True)
class Week:
    """One week: minutes, the steps taken, newest first, and those that are due until its end, the most valuable first."""

    minutes_week: int
    minutes_used: int
    taken: list[Touch]
    coming: list[Standing]


def week(practice: Practice, *, on: date, all_streams: bool, at_most: int = 40) -> Week:
    """This week (Monday on), for its page."""
    monday = on - timedelta(days=on.weekday())
    touches = Touch.objects.filter(on__gte=monday, on__lte=on, from_them=False).select_related("connection")
    rows = Standing.objects.filter(next_due__lte=monday + timedelta(days=6)).exclude(next_kind="")
    if not all_streams:
        touches, rows = touches.exclude(connection__stream=Stream.CLIENTS), rows.exclude(stream=Stream.CLIENTS)
    coming = rows.select_related("connection").order_by("-next_value", "name")[:at_most]
    shown = list(coming)
    if all_streams:
        thanking.put_first(shown, on=on)
    used = max(0, practice.outreach_minutes - minutes_left(practice, on=on))
    return Week(practice.outreach_minutes, used, list(touches.order_by("-on", "-pk")[:200]), shown)


def minutes_left(practice: Practice, *, on: date) -> int:
    """The outreach minutes of this week (Monday on) that are not used yet."""
    monday = on - timedelta(days=on.weekday())
    used = Touch.objects.filter(on__gte=monday, on__lte=on, from_them=False).aggregate(n=Sum("minutes"))["n"] or 0
    return max(0, practice.outreach_minutes - used)


def actions(practice: Practice, *, on: date, minutes: int, all_streams: bool, at_most: int = 6) -> list[Action]:
    """The steps that Today proposes: chosen from the kept rows, then looked at afresh and explained by the rules.

    Where a chosen one turns out otherwise (the day asked for is not the kept one) it is chosen again among the others.
    """
    kept = _kept(practice, on, all_streams, at_most)
    candidates = {pk: _candidate(row, _kept_step(row, on, all_streams)) for pk, row in kept.items()}
    neglected, seen = _neglected(on), {}
    while True:
        chosen = plan.choose([*candidates.values()], minutes=minutes, on=on, neglected=neglected, at_most=at_most)
        unseen = [c.id for c in chosen if c.id not in seen]
        if not unseen:
            return [_action(seen[c.id], kept[c.id], c, on) for c in chosen]
        seen |= views(unseen, practice, on=on)
        for pk in unseen:
            step = seen[pk].step_for(all_streams=all_streams) if pk in seen else None
            candidates.pop(pk)
            candidates |= {pk: _candidate(kept[pk], step)} if step else {}


def _kept(practice: Practice, on: date, all_streams: bool, at_most: int) -> dict[int, Standing]:
    """The best of the kept rows, those to whom something is owed, and the best of each stream that may be neglected."""
    everyone = Standing.objects.annotate(place=F("connection__office_key"))
    if not all_streams:
        everyone = everyone.exclude(stream=Stream.CLIENTS)
    otherwise = _otherwise(practice, on)
    if otherwise:
        everyone = everyone.exclude(changes_on__lte=on) if on >= day_of(practice) else everyone.none()
    rows = everyone.filter(next_due__lte=on).exclude(next_kind="")
    best = rows.order_by("-next_value", "name")
    found = [*best[:LOOKED_AT], *rows.filter(next_key__in=plan.OWED).order_by("next_due")[:MOST_OWED]]
    found += thanking.most_valuable(everyone, on)[:at_most] if all_streams else []
    for stream in BALANCED:  # of all three, so that the number of queries never changes
        found += best.filter(stream=stream)[:3]
    found += _fresh(otherwise, practice, on, all_streams) if otherwise else []
    return {row.connection_id: row for row in found}


def _otherwise(practice: Practice, on: date) -> list[int]:
    """Connections whose kept row may not be true of that day: the day is another, or has only just turned.

    Of today itself a few at most: where they are many, they are being computed anew by whoever turns the day.
    """
    today = day_of(practice)
    rows = Standing.objects.filter(changes_on__lte=on) if on >= today else Standing.objects.all()
    ids = rows.values_list("connection_id", flat=True)
    if on != today:
        return list(ids)
    few = list(ids[: turning.AT_ONCE + 1])
    return few if len(few) <= turning.AT_ONCE else []


def _fresh(ids: list[int], practice: Practice, on: date, all_streams: bool) -> list[Standing]:
    """Their rows as they would be kept on that day, where a step is due."""
    places = dict(Connection.objects.exclude(office_key="").values_list("pk", "office_key"))
    rows = []
    for row in keeping.afresh(ids, practice, on=on):
        due = (row.next_due is not None and row.next_due <= on) or (all_streams and thanking.step_of(row, on=on))
        if due and (all_streams or row.stream != Stream.CLIENTS):
            row.place = places.get(row.connection_id, "")
            rows.append(row)
    return rows


def document(action: Action) -> dict:
    """One action as CONTRACTS.md shapes it. Finding out how to reach somebody is learning about them."""
    kind = "insight" if action.step.kind == "reach" else action.step.kind
    return {
        "id": action.id, "kind": kind, "connection": action.connection.ref, "name": action.connection.name,
        "reason": action.reason, "minutes": action.step.minutes, "expected_value": round(action.value, 5),
        "blocked_by": [str(m) for m in action.missing],
    }  # fmt: skip


def letters_due(practice: Practice, *, on: date, all_streams: bool) -> dict[Connection, str]:
    """Those to whom Today proposes a letter, in its order: what pages, API and commands write where nobody is named.

    Each with the template that the practice's own playbook names for it, "" for the one that suits.
    """
    proposed = actions(practice, on=on, minutes=minutes_left(practice, on=on), all_streams=all_streams)
    due = [action for action in proposed if action.step.kind == "letter"]
    return {a.connection: letter_of(a.step, a.connection.stream) for a in due}


def _neglected(on: date) -> frozenset[str]:
    """Streams with which there was no contact for three weeks."""
    lately = Standing.objects.filter(last_touch_on__gt=on - plan.STREAM_WAIT, stream__in=BALANCED)
    return frozenset(BALANCED) - set(lately.order_by().values_list("stream", flat=True).distinct())


def _kept_step(row: Standing, on: date, all_streams: bool) -> plan.Step:
    thanks = thanking.step_of(row, on=on) if all_streams else None
    return thanks or plan.Step(row.next_key, row.next_kind, row.next_due, row.next_minutes, reason="")


def _candidate(row: Standing, step: plan.Step) -> plan.Candidate:
    value = plan.value(step.kind, row.rank_open)
    return plan.Candidate(row.connection_id, row.name, row.stream, row.place, step, value)


def _action(view: View, row: Standing, chosen: plan.Candidate, on: date) -> Action:
    here = view.history.connection
    here.standing = row  # read already: the page asks each for it
    words = words_for(chosen.step, view)
    reason = chosen.step.purpose or plan.reason_words(
        chosen.step.reason, on=on, facts_on=view.row_open.last_touch_on, words=words
    )
    sentence = in_a_sentence(chosen.step, view.history, on=on)
    return Action(here, chosen.step, reason, chosen.value, view.missing, view, sentence)


def words_for(step: plan.Step, view: View) -> str:
    """What was promised or planned, where the step is that."""
    history = view.history
    if step.key == plan.PLANNED:
        return as_planned(history)
    return history.promises[0].words if history.promises else ""


def page(practice: Practice, *, on: date, minutes: int | None = None, all_streams: bool) -> Today:
    """Everything the page of today shows."""
    left = minutes_left(practice, on=on) if minutes is None else minutes
    monday = on - timedelta(days=on.weekday())
    start = monday - timedelta(weeks=6)
    touches = Touch.objects.filter(on__gte=start, on__lte=on, from_them=False)
    if not all_streams:
        touches = touches.exclude(connection__stream=Stream.CLIENTS)
    weeks = [0] * 7
    for day, taken in touches.order_by().values_list("on").annotate(n=Count("*")):
        weeks[(day - start).days // 7] += taken
    kept = {"kept_on": None, "let_go_on": None, "connection__stops": None}
    promises = Promise.objects.filter(**kept).select_related("connection")
    if not all_streams:
        promises = promises.exclude(connection__stream=Stream.CLIENTS)
    return Today(
        actions(practice, on=on, minutes=left, all_streams=all_streams), practice.outreach_minutes, left, weeks[-1],
        weeks, list(promises.order_by(F("due_on"), "id")[:12]),
    )  # fmt: skip
