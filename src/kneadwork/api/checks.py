"""Checks: what a guard answers before anything is done. They record nothing."""

from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field

from kneadwork.api import seeing, versions
from kneadwork.api.problems import Refused
from kneadwork.api.routes import route
from kneadwork.api.shapes import Ref, Text13, Text100, Text200
from kneadwork.facts.referral_rules import FEDERAL
from kneadwork.guard import disclosure, incentive
from kneadwork.guard.incentive_rules import PAYERS, Kind, Provider, Reward
from kneadwork.network.models import Client
from kneadwork.practice.regions import STATES
from kneadwork.practice.rights import Right
from kneadwork.referrals import telling

router = Router()


def _known_place(code: str) -> str:
    if code.upper() not in {FEDERAL, *STATES}:
        raise ValueError("two letters of a state, or US")
    return code.upper()


class RewardQuery(Schema):
    """A reward that is asked about."""

    state: Annotated[str, AfterValidator(_known_place)] = Field(
        min_length=2,
        max_length=2,
        description="Two letters of a state; US for the federal part alone.",
        examples=["WA"],
    )
    kind: Kind
    value: Decimal = Field(ge=0, lt=1_000_000, max_digits=8, decimal_places=2, description="In USD.", examples=["15"])
    provider: Provider = Field(Provider.UNSURE, description="Whether you count as a health care provider there.")
    payers: Text100 = Field("", description="Who pays for those concerned, separated by commas; empty: anybody may. "
                                            f"There are: {', '.join(PAYERS)}.", examples=["cash,auto"])  # fmt: skip


class CitationOut(Schema):
    """A rule that the answer rests on, when it was looked at, and whether its text was read (verified)."""

    citation: str
    title: str
    checked_on: str
    confidence: Literal["verified", "background"]


class IncentiveOut(Schema):
    """The answer, in the strictest rule's sense; never legal advice."""

    answer: Literal["prohibited", "restricted", "unclear", "no_known_rule"]
    reasons: list[str]
    citations: list[CitationOut]
    alternatives: list[str]
    would_change: list[str]
    notice: str


Purpose = Literal["treatment", "payment", "operations", "thanks_or_courtesy", "marketing", "reward", "legal",
                  "required_by_law", "to_the_person"]  # fmt: skip
YesNo = Literal["", "true", "false"]


class DisclosureQuery(Schema):
    """Something that would be told, and the facts of the case; one that is left out matches no condition."""

    to: Text13 = Field(
        min_length=1, description="A connection by its id, or `public`, or `the_person`.", examples=["public"]
    )
    about: Ref
    purpose: Purpose
    practice_is_covered_entity: YesNo = ""
    payer_kind: Literal["", "cash", "commercial", "auto", "workers_comp", "medicare", "medicare_advantage", "medicaid", "va",
                        "tricare", "hsa_fsa"] = ""  # fmt: skip
    lawyer_acts_for: Literal["", "practice", "person", "other"] = ""
    third_party_pays: YesNo = ""
    process: Literal["", "none", "subpoena_with_assurance", "court_order"] = ""
    paid_in_full_by_person: YesNo = ""
    statute: Text200 = Field("", description="The statute that orders it.")

    def given(self) -> dict[str, str]:
        """The facts that were given."""
        return {name: value for name, value in self.dict(exclude={"to", "about", "purpose"}).items() if value}


class DisclosureOut(Schema):
    """Whether it may be told, by which rule; needs names what would allow it."""

    answer: Literal["allowed", "denied"]
    rule: str
    basis: Literal["law", "house rule", "authorization", "agreement"]
    citation: str
    confidence: Literal["verified", "background"]
    needs: list[Literal["authorization", "agreement", "statute"]]
    note: str


@route(router, "GET", "/checks/incentive", Right.PRACTICE, gives=IncentiveOut)
def check_incentive(request: HttpRequest, given: Query[RewardQuery]) -> HttpResponse:
    """Whether a reward may be given to somebody who sends a person."""
    reward = Reward(given.state, given.kind, given.value, given.provider, payers_of(given.payers))
    return versions.respond(incentive.document(incentive.check(reward, on=request.today)))


@route(router, "GET", "/checks/disclosure", Right.CLIENTS, gives=DisclosureOut, single=True)
def check_disclosure(request: HttpRequest, given: Query[DisclosureQuery]) -> HttpResponse:
    """Whether something may be told of a client."""
    about = seeing.found(Client.objects.all(), given.about)
    to = given.to if given.to in telling.NOBODY_IN_PARTICULAR else seeing.connection(request, given.to)
    answer = telling.may_tell(to, about, purpose=given.purpose, given=given.given(), on=request.today)
    return versions.respond(disclosure.document(answer))


def payers_of(text: str) -> frozenset[str]:
    """Payers, separated by commas; 422 for one that there is not."""
    named = frozenset(p.strip() for p in text.split(",")) if text.strip() else frozenset()
    unknown = sorted(named - set(PAYERS))
    if unknown:
        words = _("“%(name)s” is no payer. There are: %(names)s.")
        raise Refused(422, words % {"name": unknown[0][:40], "names": ", ".join(PAYERS)})
    return named
