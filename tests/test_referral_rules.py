"""Referral-reward law as it is shipped: every place is there, in words that the guard knows."""

from __future__ import annotations

from datetime import date

from kneadwork.facts.referral_rules import FEDERAL, shipped
from kneadwork.guard.incentive_rules import HOLDS_FOR
from kneadwork.practice.regions import STATES

#: Of these nothing was looked up; the check says so.
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}


def test_every_state_the_district_and_the_federal_programmes_are_there():
    assert set(shipped().jurisdictions) == set(STATES) - TERRITORIES | {FEDERAL}
    assert len(shipped().jurisdictions) == 52 and shipped().strictness == (
        "no_known_rule",
        "unclear",
        "restricted",
        "prohibited",
    )


def test_every_entry_speaks_in_words_that_the_guard_knows():
    for code, entry in shipped().jurisdictions.items():
        assert entry.code == code and entry.name and entry.stance in shipped().strictness
        assert entry.confidence in ("verified", "background") and entry.is_provider in ("yes", "no", "unclear")
        assert isinstance(entry.checked_on, date)
        for statute in entry.statutes:
            assert statute.kind in {"all_payer", "licensee", *HOLDS_FOR} and statute.reaches in ("yes", "no", "unclear")
            assert statute.citation and statute.title and statute.note


def test_what_was_not_looked_up_claims_nothing():
    unread = [entry for entry in shipped().jurisdictions.values() if entry.confidence == "background"]
    assert unread and all(entry.stance == "unclear" and not entry.statutes for entry in unread)


def test_small_gifts_stand_with_the_federal_rule_alone():
    gifts = shipped().jurisdictions[FEDERAL].small_gifts
    assert (gifts.each, gifts.a_year, gifts.cash_allowed, gifts.set_on) == (15, 75, False, date(2016, 12, 7))
    assert [code for code, entry in shipped().jurisdictions.items() if entry.small_gifts] == [FEDERAL]
