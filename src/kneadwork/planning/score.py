"""How likely a connection is to refer, and how good its referrals would be for us: two answers, never one.

First model: referrals in are a Poisson count whose yearly rate has a Gamma prior by profession (shape a = mean x years,
rate b = years); the posterior mean is (a + n) / (b + t) for n referrals in t years (conjugacy, any textbook). t counts
in whole quarters of a year, so that a score changes on a few known days and not every night. The prior's mean is
multiplied by factors for distance (which keeps falling beyond the last band), stage, recency and reciprocity. All
numbers are data in priors.yaml, each an assumption until the practice's own referrals teach otherwise. Pure: plain rows
in, numbers and sentences out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils import formats
from django.utils.translation import gettext as _

from kneadwork.facts.professions import LABELS
from kneadwork.network.models import Stream
from kneadwork.network.stage_rules import REFERRING_MONTHS, leaves_window_on, months_before

MILE_M, KM_M = 1609.344, 1000.0
QUARTER = timedelta(days=91)
MOST_QUARTERS = REFERRING_MONTHS // 3


@dataclass(frozen=True, slots=True)
class Row:
    """One connection as the model sees it. referrals: their days, those of 24 months count; fit: question and answer
    (yes, partly, no); known_since: from when a referral of theirs would have been recorded, None where nobody knows."""

    stream: str
    profession: str = ""
    distance_m: float | None = None
    stage: str = "found"
    last_touch_on: date | None = None
    answered: bool = False
    gifts: int = 0
    fit: tuple[tuple[str, str], ...] = ()
    referrals: tuple[date, ...] = ()
    known_since: date | None = None
    distance_rough: bool = False
    hospital: bool = False


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


@lru_cache(maxsize=1)
def _hospital_words() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, priors()['hospital']['words']))})\b", re.IGNORECASE)


def in_hospital(stream: str, *texts: str) -> bool:
    """Whether a professional's organisation, occupation or name says that they work in a hospital."""
    return stream == "medical" and any(_hospital_words().search(text) for text in texts if text)


def score(row: Row, *, on: date) -> Score:
    """The two scores of a connection on a day."""
    mean = _prior(row)["a_year"]
    for _text, factor in _factors(row, on):
        mean *= factor
    likely = _posterior(row, mean, on)
    return Score(likely, _good(row), likely * weight(row))


def weight(row: Row) -> float:
    """How much a referral of theirs counts: how good they are for us, else what the profession's prior says."""
    good = _good(row)
    return good if good is not None else _prior(row)["good"]


def reasons(row: Row, *, on: date, unit: str = "mi") -> list[Reason]:
    """What moved the scores, the strongest first, in plain sentences; small effects (under 0.005) are left out.

    Where the reckoning began stands last, with effect 0."""
    moved, mean = [], _prior(row)["a_year"]
    for key, factor in _factors(row, on):
        moved.append(Reason("likely", _words(key, row, unit), mean * factor - mean))
        mean *= factor
    moved.append(Reason("likely", _sent_words(len(_recent(row, on))), _posterior(row, mean, on) - mean))
    questions = priors()["fit"]
    for question, answer in row.fit:
        effect = (_ANSWERS[answer] - _prior(row)["good"]) / (len(row.fit) + priors()["fit_strength"])
        moved.append(Reason("good", f"{_(questions.get(question, question))} {_said(answer)}", effect))
    moved = [r for r in moved if abs(r.effect) >= 0.005]
    moved.sort(key=lambda r: (-abs(r.effect), r.text))
    moved.append(Reason("likely", _prior_words(row), 0.0))
    if not row.fit:
        moved.append(Reason("good", _("Not known yet: nobody has answered what fits"), 0.0))
    return moved


def _prior_words(row: Row) -> str:
    """Where the reckoning begins: what one like them sends on average, which is an assumption."""
    kind = LABELS.get(row.profession) if row.profession in priors()["professions"] else None
    a_year = formats.number_format(_prior(row)["a_year"], decimal_pos=2)
    return _("%(who)s: the reckoning begins with %(mean)s a year, an assumption") % {
        "who": kind or Stream(row.stream).label, "mean": a_year,
    }  # fmt: skip


def _sent_words(sent: int) -> str:
    if not sent:
        return _("Has not sent anybody so far")
    return (
        _("Sent %(count)d, recorded within two years") % {"count": sent}
        if sent > 1
        else _("Sent somebody, recorded within two years")
    )


_ANSWERS = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def _said(answer: str) -> str:
    return {"yes": _("Yes."), "partly": _("Partly."), "no": _("No.")}[answer]


def _prior(row: Row) -> dict:
    table = priors()["professions"]
    return table.get(row.profession) or priors()["streams"][row.stream]


def _recent(row: Row, on: date) -> list[date]:
    if not row.referrals:
        return []
    start = months_before(on, REFERRING_MONTHS)
    return [day for day in row.referrals if start < day <= on]


def _posterior(row: Row, mean: float, on: date) -> float:
    """The rate after what was seen since they are known, or since an earlier referral where that says more.

    Of referrals from before known_since (imported ones) nobody knows how long the connection had gone without: each of
    them may begin the count, with half a year at least, and the highest rate stands. So one more referral, however
    old, never lowers the rate, which a count from the first of them would.
    """
    strength, sent = priors()["strength_years"], _recent(row, on)
    rates = [mean]
    if row.known_since:
        years = _quarters(row.known_since, on) / 4
        rates = [(mean * strength + sum(day >= row.known_since for day in sent)) / (strength + years)]
    for first in sent:
        if row.known_since is None or first < row.known_since:
            years = max(0.5, _quarters(first, on) / 4)
            rates.append((mean * strength + sum(day >= first for day in sent)) / (strength + years))
    return max(rates)


def _quarters(since: date, on: date) -> int:
    """Whole quarters of a year from one day to another, those of the window at most."""
    return min(MOST_QUARTERS, max(0, (on - since) // QUARTER))


def _factors(row: Row, on: date) -> list[tuple[str, float]]:
    found = [(f"stage:{row.stage}", priors()["stages"][row.stage])]
    distance = _distance_band(row.distance_m)
    if distance:
        found.append(distance)
    if row.hospital:
        found.append(("hospital", priors()["hospital"]["factor"]))
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
    return "distance", band["factor"] * (band["miles"] / miles) ** priors()["far_power"]


def _recency(since: timedelta) -> tuple[str, float]:
    for band in priors()["recency"]:
        if since.days <= band["days"]:
            return f"recency:{band['days']}", band["factor"]
    return "recency:long", priors()["long_ago"]


def changes_on(row: Row, *, on: date) -> date | None:
    """The next day on which a score may differ with nothing new recorded, None where none will."""
    days = [*row.referrals, *map(leaves_window_on, row.referrals)]
    starts = [*row.referrals, *([row.known_since] if row.known_since else [])]
    days += [start + QUARTER * n for start in starts for n in range(1, MOST_QUARTERS + 1)]
    if row.last_touch_on:
        days += [row.last_touch_on + timedelta(days=band["days"] + 1) for band in priors()["recency"]]
    return min((day for day in days if day > on), default=None)


def _words(key: str, row: Row, unit: str) -> str:
    if key == "distance":
        words = distance_words(row.distance_m, unit)
        return (
            _("%(far)s, measured from the middle of a town or ZIP area") % {"far": words}
            if row.distance_rough
            else words
        )
    if key.startswith("stage:"):
        return {
            "declined": _("They declined"), "resting": _("Left in peace for now"), "referring": _("Refers already"),
            "trusted": _("You would send your mother"), "met": _("You have talked"), "reached": _("You have been in touch"),
            "found": _("You have not been in touch yet"),
        }[row.stage]  # fmt: skip
    return {
        "hospital": _("Works in a hospital, among people who lie there"), "answered": _("Answered you"), "gifts": _("You gave first"), "recency:30": _("In touch in the last 30 days"),
        "recency:90": _("In touch in the last three months"),
        "recency:180": _("Last in touch more than three months ago"),
        "recency:365": _("Last in touch more than half a year ago"), "recency:long": _("Not in touch for over a year"),
    }[key]  # fmt: skip


def distance_words(distance_m: float | None, unit: str) -> str:
    """A distance in the practice's own unit; a very short one is only called near, since a ZIP code says no more."""
    if distance_m is None:
        return _("Distance not known")
    far = distance_m / (KM_M if unit == "km" else MILE_M)
    if far < 0.3:
        return _("Nearby")
    words = (
        (_("%(far).1f km away"), _("%(far)d km away"))
        if unit == "km"
        else (_("%(far).1f miles away"), _("%(far)d miles away"))
    )
    return words[far >= 20] % {"far": round(far) if far >= 20 else far}


def _good(row: Row) -> float | None:
    """The answers so far, shrunk towards the profession's prior; None while there is none."""
    if not row.fit:
        return None
    strength = priors()["fit_strength"]
    return (sum(_ANSWERS[a] for _q, a in row.fit) + strength * _prior(row)["good"]) / (len(row.fit) + strength)
