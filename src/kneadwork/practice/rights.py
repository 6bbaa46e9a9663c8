"""What each role may do (PRODUCT.md, Roles): one table that pages, API and commands ask alike. No right, no entry."""

from __future__ import annotations

from enum import StrEnum

from kneadwork.practice.models import Member, Role


class Right(StrEnum):
    """Something a member may be allowed to do."""

    NETWORK = "network"
    CLIENTS = "clients"
    REFERRALS = "referrals"
    VERDICTS = "verdicts"
    LETTERS = "letters"
    IMPORT = "import"
    PRACTICE = "practice"
    EXPORT = "export"
    HISTORY = "history"
    PEOPLE = "people"
    TOKENS = "tokens"
    OVERRIDE = "override"
    CHECKLISTS = "checklists"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.THERAPIST: frozenset(set(Right) - {Right.PEOPLE, Right.OVERRIDE, Right.CHECKLISTS}),
    Role.FRONT_DESK: frozenset({Right.NETWORK, Right.CLIENTS, Right.REFERRALS, Right.LETTERS}),
    Role.HELPER: frozenset({Right.NETWORK, Right.LETTERS}),
}


class NotAllowed(Exception):
    """The member's role does not include this right."""

    def __init__(self, right: Right) -> None:
        super().__init__(str(right))
        self.right = right


def may(member: Member | None, right: Right) -> bool:
    """Whether this member holds the right; nobody, or somebody who left, holds none."""
    if member is None or member.left_at is not None:
        return False
    return right in RIGHTS.get(member.role, frozenset())


def require(member: Member | None, right: Right) -> None:
    """Refuse with NotAllowed where the right is missing."""
    if not may(member, right):
        raise NotAllowed(right)


def sees_clients(member: Member | None) -> bool:
    """Whether clients and referrals, and what depends on them, may show (no member: the command line of the owner)."""
    return member is None or (may(member, Right.CLIENTS) and may(member, Right.REFERRALS))
