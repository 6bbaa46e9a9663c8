"""The secret address of a member's own feed: one at a time, shown once, hashed at rest, ended or replaced at once."""

from __future__ import annotations

from django.utils import timezone

from kneadwork.common import acts, tokens
from kneadwork.common.tenancy import acting_in, looking
from kneadwork.practice.models import CalendarFeed, Member
from kneadwork.practice.people import looking_up


def make(*, by: Member) -> str:
    """A new secret for this member's feed, which is not kept; the one before opens nothing any more."""
    token, digest = tokens.make()
    with acts.act("calendar feed", by.name, by=by):
        _revoke(by)
        CalendarFeed(member=by, token_hash=digest, made_at=timezone.now()).save()
    return token


def end(*, by: Member) -> None:
    """End this member's feed at once."""
    with acts.act("calendar feed", by.name, by=by):
        _revoke(by)


def _revoke(member: Member) -> None:
    acts.set_all(list(CalendarFeed.objects.filter(member=member, revoked_at=None)), revoked_at=timezone.now())


def standing(member: Member) -> CalendarFeed | None:
    """The feed of this member that opens something."""
    return CalendarFeed.objects.filter(member=member, revoked_at=None).first()


def member_behind(token: str) -> Member | None:
    """The member whose feed this secret opens, or None where it opens nothing."""
    with looking():
        looking_up(token)
        feed = CalendarFeed.everywhere.filter(token_hash=tokens.hashed(token), revoked_at=None).first()
        if feed is None:
            return None
    with acting_in(feed.practice_id, writing=False):
        member = Member.objects.filter(pk=feed.member_id, left_at=None, user__is_active=True)
        return member.select_related("practice", "user").first()
