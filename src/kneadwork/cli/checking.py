"""`kneadwork check incentive`: may a reward be given for a referral? Facts and the law's words, never legal advice."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal

from kneadwork.cli import values

KINDS = ("coupon", "two_sided", "extra_time", "gift", "cash")
SURE = {"verified": "text read", "background": "not verified"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The checks, and the options of each."""
    checks = parser.add_subparsers(dest="what", metavar="incentive", required=True)
    words = "whether a reward may be given to somebody who sends a person"
    _incentive(checks.add_parser("incentive", help=words, description=words.capitalize() + ". Not legal advice."))


def _incentive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state", type=place, required=True, metavar="ST", help="two letters; US: the federal part alone"
    )
    parser.add_argument("--kind", choices=KINDS, required=True, help="what is given")
    parser.add_argument(
        "--value", type=dollars, required=True, metavar="USD", help="what it is worth, such as 15 or 12.50"
    )
    parser.add_argument(
        "--provider", choices=["yes", "no", "unsure"], default="unsure",
        help="whether you count as a health care provider there; left out: unsure",
    )  # fmt: skip
    parser.add_argument("--payers", type=payers, default=frozenset(), metavar="LIST",
                        help="who pays for those concerned, such as cash,auto; left out: anybody may")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def place(text: str) -> str:
    """A state, or US."""
    return "US" if text.upper() == "US" else values.state(text)


def dollars(text: str) -> Decimal:
    """An amount of money with at most two decimals."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"“{text[:40]}” is no amount in USD. Write it like 15 or 12.50, up to 999999.99."
        )
    return Decimal(text)


def payers(text: str) -> frozenset[str]:
    """Payers, separated by commas."""
    from kneadwork.guard.incentive_rules import PAYERS

    given = {p.strip() for p in text.split(",")}
    unknown = sorted(given - set(PAYERS))
    if unknown:
        raise argparse.ArgumentTypeError(f"“{unknown[0][:40]}” is no payer. There are: {', '.join(PAYERS)}.")
    return frozenset(given)


def run(args: argparse.Namespace) -> dict:
    """The answer as CONTRACTS.md shapes it."""
    from django.utils import timezone

    from kneadwork.guard import incentive
    from kneadwork.guard.incentive_rules import Kind, Provider, Reward

    reward = Reward(args.state, Kind(args.kind), args.value, Provider(args.provider), args.payers)
    return incentive.document(incentive.check(reward, on=timezone.localdate()))


def show(document: dict) -> None:
    """In words."""
    print(f"Answer: {document['answer'].replace('_', ' ')}. {document['notice']}")
    _list("Why", document["reasons"])
    _list("Citations", [
        f"{c['citation']}, {c['title']} ({SURE[c['confidence']]}, checked on {c['checked_on']})" for c in document["citations"]
    ] or ["None: no rule of this place is known here."])  # fmt: skip
    _list("What you can do instead", document["alternatives"])
    _list("What would change the answer", document["would_change"])


def _list(title: str, lines: list[str]) -> None:
    print(f"\n{title}")
    for line in lines:
        print(f"  - {line}")
