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
    from kneadwork.cli.practice import BY
    from kneadwork.cli.program import CommandFailed
    from kneadwork.cli.starting import address
    from kneadwork.practice import signing_in
    from kneadwork.practice.models import User

    user = User.objects.filter(email=args.email.casefold(), is_active=True).first()
    if user is None:
        raise CommandFailed(f"Nobody signs in with {args.email}.")
    token = signing_in.reset(user, second_factor=args.second_factor, by_name=BY)
    return {"sign_in_url": f"{address()}/sign-in/{token}"}


def show(document: dict) -> None:
    """In words."""
    print(f"Works once, within the hour: {document['sign_in_url']}")
