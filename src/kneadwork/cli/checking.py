"""`kneadwork check incentive|disclosure`: what a guard answers before anything is done. Never legal advice."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal

from kneadwork.cli import practice as whose
from kneadwork.cli import values

KINDS = ("coupon", "two_sided", "extra_time", "gift", "cash")
NEEDS = {
    "authorization": "the person's signed authorization for this recipient and purpose",
    "agreement": "the person's agreement, noted with its day", "statute": "the statute that orders it (--given statute=…)",
}  # fmt: skip
SURE = {"verified": "text read", "background": "not verified"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The checks, and the options of each."""
    checks = parser.add_subparsers(dest="what", metavar="incentive|disclosure", required=True)
    words = "whether a reward may be given to somebody who sends a person"
    _incentive(checks.add_parser("incentive", help=words, description=words.capitalize() + ". Not legal advice."))
    words = "whether something may be told of a client"
    _disclosure(
        checks.add_parser("disclosure", help=words, description=words.capitalize() + ". Nothing goes out by asking.")
    )


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


def _disclosure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", required=True, metavar="REF", help="a connection by id or name, or public, or the_person"
    )
    parser.add_argument("--about", required=True, metavar="REF", help="the client, by id or name")
    parser.add_argument(
        "--purpose", type=purpose, required=True, metavar="PURPOSE", help="such as treatment, or payment"
    )
    parser.add_argument("--given", type=fact, nargs="+", action="extend", default=[], metavar="KEY=VALUE",
                        help="a fact of the case, such as process=court_order; may stand several times")  # fmt: skip
    whose.add_option(parser)


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
    """Payers, separated by commas; none named means that anybody may pay."""
    from kneadwork.guard.incentive_rules import PAYERS

    given = {p.strip() for p in text.split(",")} if text.strip() else set()
    unknown = sorted(given - set(PAYERS))
    if unknown:
        raise argparse.ArgumentTypeError(f"“{unknown[0][:40]}” is no payer. There are: {', '.join(PAYERS)}.")
    return frozenset(given)


def purpose(text: str) -> str:
    """A purpose of the privacy rules."""
    from kneadwork.facts.privacy_rules import shipped

    if text not in shipped().purposes:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no purpose. There are: {', '.join(shipped().purposes)}.")
    return text


def fact(text: str) -> tuple[str, str]:
    """A fact of a case and its value, as the privacy rules ask for it."""
    from kneadwork.facts.privacy_rules import shipped

    name, _is, value = text.partition("=")
    known = shipped().facts_given
    if name not in known or not value.strip():
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no fact and its value. There are: {', '.join(known)}.")
    if known[name] and value not in known[name]:
        raise argparse.ArgumentTypeError(f"“{text[:40]}”: {name} is one of {', '.join(known[name])}.")
    return name, value


def run(args: argparse.Namespace) -> dict:
    """The answer as CONTRACTS.md shapes it."""
    return disclosure(args) if args.what == "disclosure" else incentive(args)


def incentive(args: argparse.Namespace) -> dict:
    """What the law says of a reward; no practice is asked."""
    from django.utils import timezone

    from kneadwork.guard import incentive as guard
    from kneadwork.guard.incentive_rules import Kind, Provider, Reward

    reward = Reward(args.state, Kind(args.kind), args.value, Provider(args.provider), args.payers)
    return guard.document(guard.check(reward, on=timezone.localdate()))


def disclosure(args: argparse.Namespace) -> dict:
    """Whether a connection, the public or the person may be told."""
    from kneadwork.cli import refs
    from kneadwork.cli.program import WrongUsage
    from kneadwork.guard import disclosure as guard
    from kneadwork.network.models import Client, Connection
    from kneadwork.practice.setting_up import today
    from kneadwork.referrals import telling

    given = dict(args.given)
    if len(given) < len(set(args.given)):
        raise WrongUsage("A fact is given twice with different values. Give it once.")
    with whose.acting(args, writing=False) as practice:
        about = refs.one(Client.objects.all(), args.about, "client")
        named = args.to in telling.NOBODY_IN_PARTICULAR
        to = args.to if named else refs.one(Connection.objects.all(), args.to, "connection")
        answer = telling.may_tell(to, about, purpose=args.purpose, given=given, on=today(practice))
    return guard.document(answer)


def show(document: dict) -> None:
    """In words."""
    show_disclosure(document) if "rule" in document else show_incentive(document)


def show_disclosure(document: dict) -> None:
    """The answer with its rule, and what would allow it."""
    print(f"Answer: {document['answer']}, by {document['rule'].replace('_', ' ')} ({document['basis']}).")
    print(f"{document['citation']} ({SURE[document['confidence']]}). {document['note']}".strip())
    for need in document["needs"]:
        print(f"It would need: {NEEDS.get(need, need)}.")


def show_incentive(document: dict) -> None:
    """The answer with its reasons."""
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
