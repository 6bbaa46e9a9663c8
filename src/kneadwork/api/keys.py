"""The door: whose key a request carries, and whether their role includes what the route needs."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kneadwork.api import bodies
from kneadwork.api.problems import Refused
from kneadwork.common import limits
from kneadwork.practice import keys
from kneadwork.practice.models import Member
from kneadwork.practice.rights import Right, require


class MemberKey:
    """Lets in the member behind a bearer key: 401 without one, 403 without the right.

    A body is read only for those who were let in, so that nobody else can make the server hold it.
    """

    openapi_security_schema = {"type": "http", "scheme": "bearer", "description": "A key made for a member."}

    def __init__(self, right: Right, *, takes_json: bool) -> None:
        self.right, self.takes_json = right, takes_json

    def __call__(self, request: HttpRequest) -> Member | None:
        """The member, set on the request; None where the key opens nothing."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        member = keys.member_behind(secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None
        if member is None:
            _limit("api_door", limits.caller_of(request))
            return None
        _limit("api", str(member.pk))
        require(member, self.right)
        request.member, request.practice = member, member.practice
        if self.takes_json:
            bodies.read_json(request)
        return member


def _limit(action: str, caller: str) -> None:
    """So many requests a minute and no more: 429, and when to come back."""
    if not limits.allows(action, caller):
        words = _("Too many requests in a short time. Wait a minute, then go on.")
        raise Refused(429, words, headers={"Retry-After": "60"})
