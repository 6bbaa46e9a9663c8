"""`kneadwork member reset EMAIL`: a sign-in address where mail is not set up."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("verb", choices=["reset"])
    parser.add_argument("email")
    parser.add_argument("--second-factor", action="store_true", help="forget the second factor too (the phone is lost)")
    parser.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> dict:
    """Make the address; it works once, for an hour, and leads to choosing a new password."""
    from kneadwork.cli.program import CommandFailed
    from kneadwork.cli.starting import address
    from kneadwork.practice import people
    from kneadwork.practice.models import User

    user = User.objects.filter(email=args.email.casefold(), is_active=True).first()
    if user is None:
        raise CommandFailed(f"Nobody signs in with {args.email}.")
    if args.second_factor:
        people.forget_second_factor(user)
    return {"sign_in_url": f"{address()}/sign-in/{people.sign_in_address(user, purpose='reset')}"}


def show(document: dict) -> None:
    """In words."""
    print(f"Works once, within the hour: {document['sign_in_url']}")
