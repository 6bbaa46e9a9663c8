"""`kneadwork token create|list|revoke`: keys for programs; the secret of a new one is shown once."""

from __future__ import annotations

import argparse

from kneadwork.cli import practice as whose


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("verb", choices=["create", "list", "revoke"])
    parser.add_argument("--name", default="", help="what the key is for; for revoke its name or id")
    parser.add_argument("--member", default="", metavar="EMAIL", help="for whom (else the owner)")
    whose.add_option(parser)


def run(args: argparse.Namespace) -> dict:
    """Make a key, list those that open something, or end one at once."""
    from kneadwork.cli.program import WrongUsage
    from kneadwork.practice import keys

    if args.verb != "list" and not args.name.strip():
        raise WrongUsage("Say which key: --name NAME.")
    with whose.acting(args):
        if args.verb == "list":
            return {"tokens": [{"id": k.ref, "name": k.name, "member": k.member.name, "made_at": k.made_at}
                               for k in keys.standing()]}  # fmt: skip
        if args.verb == "revoke":
            ended = keys.revoke_named(args.name, by_name=whose.BY)
            return {"revoked": [k.ref for k in ended]}
        key, token = keys.make(args.name, member=keys.member_of(args.member), by_name=whose.BY)
        return {"id": key.ref, "name": key.name, "token": token}


def show(document: dict) -> None:
    """In words."""
    if "token" in document:
        print(document["token"])
    elif "revoked" in document:
        print("It opens nothing any more.")
    for key in document.get("tokens", ()):
        print(f"{key['id']}  {key['name']}, for {key['member']}, since {key['made_at']:%Y-%m-%d}")
