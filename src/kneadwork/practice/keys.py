"""Keys for programs: made for a member, shown once, hashed at rest, revocable."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, tokens
from kneadwork.common.tenancy import acting_in, looking
from kneadwork.practice.models import ApiToken, Member, Role
from kneadwork.practice.people import PeopleError, looking_up

PREFIX = "kw_"


def member_of(email: str = "") -> Member:
    """The member with this e-mail, or the first owner where none is given."""
    working = Member.objects.filter(left_at=None).order_by("joined_at")
    chosen = working.filter(user__email=email.casefold()) if email else working.filter(role=Role.OWNER)
    member = chosen.first()
    if member is None:
        raise PeopleError(_("Nobody here has the e-mail %(email)s.") % {"email": email})
    return member


def make(name: str, *, member: Member, by: Member | None = None, by_name: str = "") -> tuple[ApiToken, str]:
    """A new key acting as this member; answers it and the secret, which is not kept."""
    token, _digest = tokens.make()
    secret = PREFIX + token
    with acts.act("api token", name, by=by, by_name=by_name):
        key = ApiToken(name=name[:100], member=member, token_hash=tokens.hashed(secret), made_at=timezone.now())
        key.save()
    return key, secret


def standing() -> list[ApiToken]:
    """The keys that were not revoked, oldest first."""
    return list(ApiToken.objects.filter(revoked_at=None).select_related("member").order_by("made_at"))


def revoke_named(name: str, *, by_name: str) -> list[ApiToken]:
    """End the keys of this name, or the one with this id; refuses where there is none."""
    found = [key for key in standing() if name in (key.name, key.ref)]
    if not found:
        raise PeopleError(_("There is no key “%(name)s” that opens anything.") % {"name": name})
    for key in found:
        revoke(key, by_name=by_name)
    return found


def revoke(key: ApiToken, *, by: Member | None = None, by_name: str = "") -> None:
    """End a key at once."""
    with acts.act("api token", key.name, by=by, by_name=by_name):
        key.revoked_at = timezone.now()
        key.save()


def member_behind(secret: str) -> Member | None:
    """The member for whom this key acts, or None where it opens nothing."""
    with looking():
        looking_up(secret)
        key = ApiToken.everywhere.filter(token_hash=tokens.hashed(secret), revoked_at=None).first()
        if key is None:
            return None
    return _still_working(key)


def _still_working(key: ApiToken) -> Member | None:
    with acting_in(key.practice_id, writing=False):
        member = Member.objects.filter(pk=key.member_id, left_at=None, user__is_active=True)
        return member.select_related("practice", "user").first()
