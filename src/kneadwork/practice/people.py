"""Who works in the practice: the first owner, invitations, leaving."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, tokens
from kneadwork.common.tenancy import acting_in, looking
from kneadwork.practice.models import Invitation, Member, Practice, Role, User


class PeopleError(Exception):
    """A refusal about people, in words for the user."""


class NotTheFirst(PeopleError):
    """There is a practice here already, so the first start is over."""


def found_first(name: str, *, password: str, **details) -> Member:
    """The first start: the practice, its owner and their password. NotTheFirst for everybody but one, even at once."""
    with transaction.atomic():
        _one_at_a_time()
        if Practice.objects.exists():
            raise NotTheFirst(_("There is a practice here already. Sign in to it."))
        owner = found(name, **details)
        owner.user.set_password(password)
        owner.user.save()
    return owner


def _one_at_a_time() -> None:
    """Let nobody else make a practice until this transaction ends (on SQLite nobody else writes anyway)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kneadwork: a practice is made'))")


def found(name: str, *, owner_email: str, owner_name: str = "", by_name: str = "the first start", **details) -> Member:
    """Make a practice and its owner; answers the owner. Refuses an empty name or a name already taken here."""
    if not name.strip():
        raise PeopleError(_("A practice needs a name."))
    with transaction.atomic():
        _one_at_a_time()
        if Practice.objects.filter(name__iexact=name.strip()).exists():
            raise PeopleError(_("There is already a practice named “%(name)s” here.") % {"name": name.strip()})
        practice = Practice(name=name.strip(), **details)
        with acting_in(practice.pk), acts.act("found", practice.name, by_name=by_name):
            acts.saving(practice, practice.save)
            user = User.objects.filter(email=owner_email.casefold()).first() or User.objects.create_user(owner_email)
            owner = Member(
                practice_id=practice.pk, user=user, role=Role.OWNER, name=owner_name or owner_email.split("@")[0],
                joined_at=timezone.now(),
            )  # fmt: skip
            owner.save()
    return owner


def invite(email: str, role: str, *, by: Member) -> tuple[Invitation, str]:
    """Invite somebody with a role for a week; answers the invitation and the token of its link, shown once."""
    if role not in Role.values:
        raise PeopleError(_("Choose one of the roles."))
    if Member.objects.filter(user__email=email.casefold(), left_at=None).exists():
        raise PeopleError(_("%(email)s works here already.") % {"email": email})
    token, digest = tokens.make()
    with acts.act("invite", email, by=by):
        invitation = Invitation(
            email=email.casefold(), role=role, token_hash=digest, invited_by=by,
            expires_at=timezone.now() + timedelta(days=7),
        )  # fmt: skip
        invitation.save()
    return invitation, token


def open_invitations() -> list[Invitation]:
    """Links that still let somebody join, the newest first."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
    return list(waiting.order_by("-expires_at"))


def withdraw(invitation: Invitation, *, by: Member) -> None:
    """End a link that nobody used yet."""
    with acts.act("invite", _("withdrawn: %(email)s") % {"email": invitation.email}, by=by):
        invitation.withdrawn_at = timezone.now()
        invitation.save()


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link while it is open. Call inside `looking_up(token)`."""
    return Invitation.everywhere.filter(
        token_hash=tokens.hashed(token), accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).first()


def invited_account(token: str) -> User | None:
    """The account that an open link is for, where that person has one here already."""
    with looking():
        looking_up(token)
        invitation = open_invitation(token)
        return User.objects.filter(email=invitation.email).first() if invitation else None


def type_its_password() -> str:
    """What somebody is told who joins with a password that is not their account's."""
    return _("You have an account here already. Please type its password.")


def accept(token: str, *, name: str, password: str) -> Member:
    """Join by a link: makes the person where needed, and the membership. Refuses a link that is used or too old."""
    with transaction.atomic():
        looking_up(token)
        invitation = open_invitation(token)
        if invitation is None:
            raise PeopleError(_("This invitation was used already or is too old. Ask for a new one."))
        user = User.objects.filter(email=invitation.email).first()
        if user is None:
            user = User.objects.create_user(invitation.email, password)
        elif not user.check_password(password):  # an account without a password is not opened by somebody's invitation
            raise PeopleError(type_its_password())
        with acting_in(invitation.practice_id), acts.act("join", name, by_name=name):
            member = Member.objects.filter(user=user).first() or Member(user=user)
            member.role, member.name, member.left_at, member.joined_at = (
                invitation.role,
                name,
                None,
                timezone.now(),
            )
            member.save()
            invitation.accepted_at = timezone.now()
            invitation.save()
    return member


def change_role(member: Member, role: str, *, by: Member) -> None:
    """Give a member another role; the last owner stays one."""
    if role not in Role.values:
        raise PeopleError(_("Choose one of the roles."))
    with acts.act("change role", member.name, by=by):
        _keep_an_owner(member, role)
        member.role = role
        member.save()


def leave(member: Member, *, by: Member) -> None:
    """End a membership: their sessions, keys and feed open nothing from now on, their calendars are forgotten; the last
    owner stays.
    """
    with acts.act("leave", member.name, by=by):
        _keep_an_owner(member, "")
        acts.remove_all(list(member.calendars.all()))
        member.left_at = timezone.now()
        member.save()


def _keep_an_owner(member: Member, role: str) -> None:
    owners = Member.objects.filter(role=Role.OWNER, left_at=None)
    if member.role == Role.OWNER and role != Role.OWNER and owners.count() == 1:
        raise PeopleError(_("Somebody must own the practice. Make another owner first."))


def memberships(user: User) -> list[Member]:
    """Where this person works now, each with its practice. Row security lets a person see their own."""
    with looking():
        tell_user(user.pk)
        current = Member.everywhere.filter(user=user, left_at=None).select_related("practice")
        return list(current.order_by("joined_at"))


def tell_user(user_id: int) -> None:
    """Name the person to PostgreSQL's row-level security, for this transaction only."""
    _tell("kneadwork.person", str(user_id))


def looking_up(token: str) -> None:
    """Name the token to PostgreSQL's row-level security: the row that carries its hash may be read."""
    _tell("kneadwork.token", tokens.hashed(token))


def _tell(setting: str, value: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
