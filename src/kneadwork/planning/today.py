"""Today: the next three to six steps that fit the minutes of the week, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Sum

from kneadwork.network.models import Connection, Promise, Standing, Stream, Touch
from kneadwork.planning import plan, score, thanking
from kneadwork.planning.keeping import View, views
from kneadwork.practice.models import Practice

#: How many of the best, and of those to whom something is owed, are looked at closely.
LOOKED_AT, OWED = 16, 10
#: The streams that are kept in balance.
BALANCED = (Stream.BUSINESS.value, Stream.MEDICAL.value, Stream.PERSONAL.value)


@dataclass(frozen=True, slots=True)
class Action:
    """One step proposed: with whom, why, how long, what it may bring, and what an ask still lacks."""

    connection: Connection
    step: plan.Step
    reason: str
    value: float
    missing: tuple[str, ...]
    view: View

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


def week(practice: Practice, *, on: date, all_streams: bool = True, at_most: int = 40) -> Week:
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


def actions(practice: Practice, *, on: date, minutes: int, all_streams: bool = True, at_most: int = 6) -> list[Action]:
    """The steps that Today proposes: candidates from the kept rows, chosen and explained by the rules."""
    rows = Standing.objects.filter(next_due__lte=on).exclude(next_kind="")
    if not all_streams:
        rows = rows.exclude(stream=Stream.CLIENTS)
    best = list(rows.order_by("-next_value", "name")[:LOOKED_AT])
    owed = list(rows.filter(next_key__in=("promise", "answer")).order_by("next_due")[:OWED])
    thanks = thanking.most_valuable(on, at_most) if all_streams else []
    neglected = _neglected(on)
    kept = {r.connection_id: r for r in [*best, *owed, *thanks, *_best_of(rows)]}
    seen = views(kept, practice, on=on)
    for pk, view in seen.items():  # read already: the page asks each for it
        view.history.connection.standing = kept[pk]
    steps = {pk: view.step_for(all_streams=all_streams) for pk, view in seen.items()}
    candidates = [_candidate(pk, seen[pk], step, kept[pk]) for pk, step in steps.items() if step]
    chosen = plan.choose(candidates, minutes=minutes, on=on, neglected=neglected, at_most=at_most)
    return [_action(seen[c.id], c, on) for c in chosen]


def _best_of(rows) -> list[Standing]:
    """The best of each stream that may be neglected; of all of them, so that the number of queries never changes."""
    return [r for s in BALANCED for r in rows.filter(stream=s).order_by("-next_value", "name")[:3]]


def _neglected(on: date) -> frozenset[str]:
    """Streams with nobody touched for three weeks."""
    lately = Touch.objects.filter(from_them=False, on__lte=on, on__gt=on - plan.STREAM_WAIT)
    return frozenset(BALANCED) - set(lately.order_by().values_list("connection__stream", flat=True).distinct())


def _candidate(pk: int, view: View, step: plan.Step, row: Standing) -> plan.Candidate:
    here = view.history.connection
    kept = step == view.step
    value = row.next_value if kept else plan.value(step, view.score_open.likely, score.weight(view.row))
    return plan.Candidate(pk, here.name, here.stream, here.office_key, step, value)


def _action(view: View, chosen: plan.Candidate, on: date) -> Action:
    words = view.history.promises[0].words if view.history.promises else ""
    reason = plan.reason_words(chosen.step.reason, on=on, facts_on=view.row_open.last_touch_on, words=words)
    return Action(view.history.connection, chosen.step, reason, chosen.value, view.missing, view)


def page(practice: Practice, *, on: date, minutes: int | None = None, all_streams: bool = True) -> Today:
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
