"""How people sign in: addresses that work once, forgotten passwords, a lost second factor, another e-mail.

All of it concerns a person rather than a practice, so it stands in the history of every practice they work in.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, tokens
from kneadwork.common.tenancy import in_scope
from kneadwork.practice.models import SignInAddress, User
from kneadwork.practice.people import PeopleError, memberships


def sign_in_address(user: User, *, hours: float = 1, purpose: str = "sign_in") -> str:
    """The token of an address that signs this person in, once, within some hours."""
    token, digest = tokens.make()
    SignInAddress.objects.create(
        user=user, token_hash=digest, purpose=purpose, expires_at=timezone.now() + timedelta(hours=hours)
    )
    return token


def is_fresh(token: str) -> bool:
    """Whether this address still signs somebody in."""
    fresh = SignInAddress.objects.filter(token_hash=tokens.hashed(token), used_at=None, expires_at__gt=timezone.now())
    return fresh.exists()


def use_sign_in_address(token: str) -> User | None:
    """The person whom this address signs in, or None where it is unknown, used or too old; it is used up by this."""
    with transaction.atomic():
        now = timezone.now()
        fresh = SignInAddress.objects.filter(token_hash=tokens.hashed(token), used_at=None, expires_at__gt=now)
        address = fresh.select_related("user").first()
        if address is None or not fresh.update(used_at=now) or not address.user.is_active:
            return None
        if address.purpose == "reset":  # the forgotten one counts no more, so that a new one can be chosen
            address.user.set_unusable_password()
            address.user.save()
        return address.user


def reset(user: User, *, second_factor: bool, by_name: str) -> str:
    """The token of an address that forgets the password when it is used; with `second_factor` that is forgotten at once.

    Only the machine's own command does this, for whoever may run it may read the database anyway.
    """
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        if second_factor:
            Authenticator.objects.filter(user=user).delete()
            note(user, "second factor", _("forgotten: %(email)s") % {"email": user.email}, by_name=by_name)
        note(user, "sign-in address", user.email, by_name=by_name)
        return sign_in_address(user, purpose="reset")


def chooses_password(user: User) -> bool:
    """Whether somebody who came in by an address should choose a password now; in a sample practice nobody need."""
    return not user.has_usable_password() and not any(m.practice.sample for m in memberships(user))


def change_email(user: User, email: str, *, password: str = "") -> str:
    """Let this person sign in with another e-mail; answers the old one. Their password is asked, where they have one.

    Addresses that the sign-in library learned for them are forgotten, so that the old one opens nothing any more.
    """
    from allauth.account.models import EmailAddress

    wanted, old = email.casefold(), user.email
    if user.has_usable_password() and not user.check_password(password):
        raise PeopleError(_("This is not your password."))
    if wanted == old:
        raise PeopleError(_("You sign in with this e-mail already."))
    with transaction.atomic():
        if User.objects.filter(email=wanted).exists():
            raise PeopleError(_("This e-mail cannot be used here."))
        EmailAddress.objects.filter(user=user).delete()
        user.email = wanted
        user.save(update_fields=["email"])
        note(user, "sign-in e-mail", f"{old} → {wanted}")
    return old


def note(user: User, kind: str, summary: str, *, by_name: str = "") -> None:
    """Write into the history of each practice of this person what became of their sign-in; by themselves if nobody is named."""
    with transaction.atomic():
        for member in memberships(user):
            by = None if by_name else member
            with in_scope(member.practice_id), acts.act(kind, summary, by=by, by_name=by_name) as doing:
                doing.row()
