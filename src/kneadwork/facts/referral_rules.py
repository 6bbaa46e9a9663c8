"""Referral-reward law of each state, of the District of Columbia and of the federal programmes (referral_rules.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml

#: The place whose entry holds what federal law says.
FEDERAL = "US"


@dataclass(frozen=True, slots=True)
class Statute:
    """One law or rule, in the file's own words; `reaches` (yes, no, unclear): whether it covers a reward to a client who
    sends someone; `kind` (all_payer, licensee, medicare_medicaid, insurer): for which payers it holds."""

    citation: str
    title: str
    kind: str
    reaches: str
    note: str


@dataclass(frozen=True, slots=True)
class SmallGifts:
    """What counts as a gift of nominal value under the federal rule on beneficiaries, in USD."""

    each: int
    a_year: int
    cash_allowed: bool
    set_on: date


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What the file says of one place; `is_provider` (yes, no, unclear): whether massage therapists count there as
    health care providers; `confidence` (verified, background) belongs to the whole entry, as does the day."""

    code: str
    name: str
    is_provider: str
    statutes: tuple[Statute, ...]
    stance: str
    confidence: str
    checked_on: date
    note: str = ""
    small_gifts: SmallGifts | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """All places by their code, and the answers in order, the most lenient first."""

    jurisdictions: Mapping[str, Jurisdiction]
    strictness: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """The rules that came with this version."""
    text = files("kneadwork.facts").joinpath("data/referral_rules.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    places = {code: _jurisdiction(code, entry) for code, entry in document["jurisdictions"].items()}
    return Rules(places, tuple(document["keys"]["strictness"]))


def _jurisdiction(code: str, entry: dict) -> Jurisdiction:
    return Jurisdiction(
        code, entry["name"], entry["massage_is_health_care_provider"], tuple(map(_statute, entry["statutes"])),
        entry["stance"], entry["confidence"], date.fromisoformat(entry["checked_on"]), entry.get("note", ""),
        _small_gifts(entry.get("thresholds")),
    )  # fmt: skip


def _statute(row: dict) -> Statute:
    return Statute(row["citation"], row["title"], row["kind"], row["reaches_client_rewards"], row["note"])


def _small_gifts(row: dict | None) -> SmallGifts | None:
    if row is None:
        return None
    return SmallGifts(
        row["nominal_value_per_item_usd"], row["nominal_value_per_year_usd"], row["cash_or_equivalent_allowed"],
        date.fromisoformat(row["set_on"]),
    )  # fmt: skip
