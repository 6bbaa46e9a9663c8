"""What must be there before anybody is asked for referrals (PRODUCT.md, Before an ask); the table is data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext as _


class Missing(StrEnum):
    """What an ask still lacks."""

    INSIGHTS = "insights"
    CONVERSATION = "conversation"
    VERDICT = "verdict"
    GIFT = "gift"
    PROMISES = "promises"
    READINESS = "readiness"
    STOP = "stop"
    REST = "rest"
    DECLINED = "declined"
    QUIET = "quiet"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What the conditions depend on; asks: the days on which they were asked."""

    stream: str
    insights: int = 0
    conversation: bool = False
    trusted: bool = False
    gifts: int = 0
    open_promises: int = 0
    stopped: bool = False
    resting: bool = False
    declined: bool = False
    asks: tuple[date, ...] = ()
    quiet_days: int = 90
    asks_a_year: int = 3


@lru_cache(maxsize=1)
def conditions() -> dict[str, list[str]]:
    """Per stream, the conditions that must hold, as shipped."""
    text = files("kneadwork.referrals").joinpath("data/ask_conditions.yaml").read_text("utf-8")
    return yaml.safe_load(text)["streams"]


def missing_before_ask(facts: AskFacts, *, on: date) -> tuple[Missing, ...]:
    """What is lacking, in the order of doing; nothing means that an ask is in order."""
    lacking = {
        Missing.INSIGHTS: facts.insights < 2, Missing.CONVERSATION: not facts.conversation,
        Missing.VERDICT: not facts.trusted, Missing.GIFT: facts.gifts < 1,
        Missing.PROMISES: facts.open_promises > 0, Missing.READINESS: True,
    }  # fmt: skip
    missing = [m for m in map(Missing, conditions()[facts.stream]) if lacking[m]]
    year = sum(on - timedelta(days=365) < day for day in facts.asks)
    always = (
        (Missing.STOP, facts.stopped), (Missing.REST, facts.resting), (Missing.DECLINED, facts.declined),
        (Missing.QUIET, any(on - timedelta(days=facts.quiet_days) < day for day in facts.asks)),
        (Missing.YEARLY, year >= facts.asks_a_year),
    )  # fmt: skip
    return tuple(missing + [m for m, holds in always if holds])


def words_for(missing: Missing) -> str:
    """What is lacking, as a next step."""
    return {
        Missing.INSIGHTS: _("Learn two things about them"),
        Missing.CONVERSATION: _("Have a conversation"),
        Missing.VERDICT: _("Decide whether you would send your mother there"),
        Missing.GIFT: _("Give something first"),
        Missing.PROMISES: _("Keep what you promised them"),
        Missing.READINESS: _("Asking clients comes with the referral loop"),
        Missing.STOP: _("They asked not to be written to"),
        Missing.REST: _("They are left in peace for now"),
        Missing.DECLINED: _("They said no, and that stands"),
        Missing.QUIET: _("They were asked not long ago"),
        Missing.YEARLY: _("They were asked often enough this year"),
    }[missing]
