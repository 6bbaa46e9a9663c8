"""`kneadwork setup`: a practice and its owner without the browser."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--name", required=True, help="the practice's name")
    parser.add_argument("--state", required=True, type=values.state, help="two letters, such as WA")
    parser.add_argument("--zip", required=True, type=values.zip_code, dest="postal", help="ZIP code")
    parser.add_argument("--email", required=True, type=values.email, help="the owner's e-mail")
    parser.add_argument("--city", default="")
    parser.add_argument("--time-zone", default=None, type=values.time_zone)
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Make the practice; answers it, its owner, and an address good once, for an hour."""
    from kneadwork.cli.starting import address
    from kneadwork.practice import people, setting_up, signing_in
    from kneadwork.practice.models import Practice
    from kneadwork.practice.regions import time_zone_of

    details = {
        "region": args.state, "postal": args.postal, "city": args.city, "email": args.email,
        "time_zone": args.time_zone or time_zone_of(args.state),
    }  # fmt: skip
    placed = Practice(**details)
    setting_up.find_place(placed)
    details |= {"latitude": placed.latitude, "longitude": placed.longitude, "place_rough": placed.place_rough}
    owner = people.found(args.name, owner_email=args.email, by_name=whose.BY, **details)
    token = signing_in.sign_in_address(owner.user)
    return {
        "practice": owner.practice.ref, "owner": owner.ref, "sign_in_url": f"{address()}/sign-in/{token}",
    }  # fmt: skip


def show(document: dict) -> None:
    """In words."""
    print(f"The practice is made. Sign in once, within the hour: {document['sign_in_url']}")
