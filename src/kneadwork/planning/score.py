"""How likely a connection is to refer, and how good its referrals would be for us: two answers, never one.

First model: referrals in are a Poisson count whose yearly rate has a Gamma prior by profession (shape a = mean x years,
rate b = years); the posterior mean is (a + n) / (b + t) for n referrals in t years (conjugacy, any textbook). The prior's
mean is multiplied by factors for distance, stage, recency and reciprocity. All numbers are data in priors.yaml, each an
assumption until the practice's own referrals teach otherwise. Pure: plain rows in, numbers and sentences out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext as _

MILE_M, KM_M = 1609.344, 1000.0


@dataclass(frozen=True, slots=True)
class Row:
    """One connection as the model sees it. referrals: in the last 24 months; fit: answers to the fit questions."""

    stream: str
    profession: str = ""
    distance_m: float | None = None
    stage: str = "found"
    last_touch_on: date | None = None
    answered: bool = False
    gifts: int = 0
    fit: tuple[tuple[str, str], ...] = ()
    referrals: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """likely: referrals a year; good: 0–1 or None while not known; rank: likely × good (or the profession's prior)."""

    likely: float
    good: float | None
    rank: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What moved a score: axis likely or good, a sentence, and by how much (referrals a year; or 0–1)."""

    axis: str
    text: str
    effect: float


@lru_cache(maxsize=1)
def priors() -> dict:
    """The shipped numbers."""
    return yaml.safe_load(files("kneadwork.planning").joinpath("data/priors.yaml").read_text("utf-8"))


def score(row: Row, *, on: date) -> Score:
    """The two scores of a connection on a day."""
    mean = _prior(row)["a_year"]
    for _text, factor in _factors(row, on):
        mean *= factor
    likely = _posterior(row, mean, on)
    good = _good(row)
    weight = good if good is not None else _prior(row)["good"]
    return Score(likely, good, likely * weight)


def reasons(row: Row, *, on: date, unit: str = "mi") -> list[Reason]:
    """What moved the scores, the strongest first, in plain sentences."""
    moved, mean = [], _prior(row)["a_year"]
    for key, factor in _factors(row, on):
        moved.append(Reason("likely", _words(key, row, unit), mean * factor - mean))
        mean *= factor
    sent = len(_recent(row, on))
    if sent:
        text = _("Sent %(count)d in two years") % {"count": sent} if sent > 1 else _("Sent somebody in two years")
        moved.append(Reason("likely", text, _posterior(row, mean, on) - mean))
    weights = priors()["fit"]
    known = _good(row)
    for question, answer in row.fit:
        effect = (_ANSWERS[answer] - _prior(row)["good"]) / (len(row.fit) + priors()["fit_strength"])
        moved.append(Reason("good", f"{_(weights.get(question, question))} {_said(answer)}", effect))
    moved = [r for r in moved if abs(r.effect) >= 0.005]
    moved.sort(key=lambda r: (-abs(r.effect), r.text))
    if known is None:
        moved.append(Reason("good", _("Not known yet: nobody has answered what fits"), 0.0))
    return moved


_ANSWERS = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def _said(answer: str) -> str:
    return {"yes": _("Yes."), "partly": _("Partly."), "no": _("No.")}[answer]


def _prior(row: Row) -> dict:
    table = priors()["professions"]
    return table.get(row.profession) or priors()["streams"][row.stream]


def _recent(row: Row, on: date) -> list[date]:
    return [day for day in row.referrals if on - timedelta(days=730) < day <= on]


def _posterior(row: Row, mean: float, on: date) -> float:
    """(mean·b + n) / (b + t): t are the years since the first of the counted referrals, at least half a year."""
    strength, sent = priors()["strength_years"], _recent(row, on)
    exposure = max(0.5, (on - min(sent)).days / 365.25) if sent else 0.0
    return (mean * strength + len(sent)) / (strength + exposure)


def _factors(row: Row, on: date) -> list[tuple[str, float]]:
    found = [(f"stage:{row.stage}", priors()["stages"][row.stage])]
    distance = _distance_band(row.distance_m)
    if distance:
        found.append(distance)
    if row.last_touch_on:
        found.append(_recency(on - row.last_touch_on))
    if row.answered:
        found.append(("answered", priors()["answered"]))
    if row.gifts:
        found.append(("gifts", priors()["gift"] ** min(row.gifts, priors()["gifts_at_most"])))
    return [(key, factor) for key, factor in found if factor != 1]


def _distance_band(distance_m: float | None) -> tuple[str, float] | None:
    if distance_m is None:
        return None
    miles = distance_m / MILE_M
    for band in priors()["distances"]:
        if miles <= band["miles"]:
            return "distance", band["factor"]
    return "distance", priors()["far"]


def _recency(since: timedelta) -> tuple[str, float]:
    for band in priors()["recency"]:
        if since.days <= band["days"]:
            return f"recency:{band['days']}", band["factor"]
    return "recency:long", priors()["long_ago"]


def changes_on(row: Row, *, on: date) -> date | None:
    """The next day on which a score may differ with nothing new recorded; tomorrow while referrals are counted."""
    if row.referrals:
        return on + timedelta(days=1)
    if row.last_touch_on is None:
        return None
    days = [row.last_touch_on + timedelta(days=band["days"] + 1) for band in priors()["recency"]]
    return min((d for d in days if d > on), default=None)


def _words(key: str, row: Row, unit: str) -> str:
    if key == "distance":
        return distance_words(row.distance_m, unit)
    if key.startswith("stage:"):
        return {
            "declined": _("They declined"), "resting": _("Left in peace for now"), "referring": _("Refers already"),
            "trusted": _("You would send your mother"), "met": _("You have talked"), "reached": _("You have been in touch"),
            "found": _("You have not been in touch yet"),
        }[row.stage]  # fmt: skip
    return {
        "answered": _("Answered you"), "gifts": _("You gave first"), "recency:30": _("In touch this month"),
        "recency:90": _("In touch this season"), "recency:180": _("Last in touch some months ago"),
        "recency:365": _("Last in touch most of a year ago"), "recency:long": _("Not in touch for over a year"),
    }[key]  # fmt: skip


def distance_words(distance_m: float | None, unit: str) -> str:
    """A distance in the practice's own unit."""
    if distance_m is None:
        return _("Distance not known")
    if unit == "km":
        return _("%(far).1f km away") % {"far": distance_m / KM_M}
    return _("%(far).1f miles away") % {"far": distance_m / MILE_M}


def _good(row: Row) -> float | None:
    """The answers so far, shrunk towards the profession's prior; None while there is none."""
    if not row.fit:
        return None
    strength = priors()["fit_strength"]
    return (sum(_ANSWERS[a] for _q, a in row.fit) + strength * _prior(row)["good"]) / (len(row.fit) + strength)
