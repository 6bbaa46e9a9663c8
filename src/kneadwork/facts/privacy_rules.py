"""Rules on what may be told of a client, to whom and what for (privacy_rules.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class PrivacyRule:
    """One answer (allowed, allowed_with_authorization, allowed_with_agreement, denied) for a purpose and a recipient.

    `condition` (a fact and its value) must be given for the rule to match; a fact of `blocked_by` that is true denies; each
    of `requires` must be named. `by_policy`: the product applies it whether or not the law binds the practice.
    """

    key: str
    purpose: str
    recipient: str
    answer: str
    citation: str
    by_policy: bool
    note: str
    confidence: str
    condition: tuple[str, str] | None = None
    blocked_by: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """All rules, the purposes and recipients there are, the facts that may be given with their values, and what a paper must
    hold to be an authorization."""

    rules: tuple[PrivacyRule, ...]
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    facts_asked: Mapping[str, tuple[str, ...]]
    elements: frozenset[str]

    @property
    def facts_given(self) -> dict[str, tuple[str, ...]]:
        """Every fact that can be given of a case with its values; () where it is a text."""
        return {**self.facts_asked} | {name: () for rule in self.rules for name in rule.requires}

    def of(self, purpose: str, recipient: str) -> tuple[PrivacyRule, ...]:
        """The rules for a purpose and a recipient."""
        return tuple(r for r in self.rules if (r.purpose, r.recipient) == (purpose, recipient))


@lru_cache(maxsize=1)
def shipped() -> PrivacyRules:
    """The rules that came with this version."""
    document = yaml.safe_load(files("kneadwork.facts").joinpath("data/privacy_rules.yaml").read_text("utf-8"))
    keys, papers = document["keys"], document["authorization_elements"]
    return PrivacyRules(
        tuple(map(_rule, document["rules"])), tuple(keys["purpose"]), tuple(keys["recipient"]),
        {name: tuple(map(_value, values)) for name, values in keys["facts_asked"].items() if name != "unknown"},
        frozenset(row["key"] for part in ("core_elements", "required_statements") for row in papers[part]),
    )  # fmt: skip


def _rule(row: dict) -> PrivacyRule:
    name, _is, value = row.get("condition", "").partition("=")
    return PrivacyRule(
        row["key"], row["purpose"], row["recipient"], row["answer"], row["cite"],
        row["applies_when"] == "always_as_product_policy", row["note"], row["confidence"],
        (name, value) if name else None, tuple(row.get("blocked_by", ())), tuple(row.get("requires", ())),
    )  # fmt: skip


def _value(value: object) -> str:
    """A fact's value as it is given and written in conditions."""
    return str(value).lower() if isinstance(value, bool) else str(value)
