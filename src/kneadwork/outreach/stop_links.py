"""Addresses by which somebody can say: do not write to me."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts, tokens
from kneadwork.common.tenancy import acting_in
from kneadwork.network import resting
from kneadwork.network.models import Connection
from kneadwork.outreach.models import StopLink
from kneadwork.practice.people import looking_up
from kneadwork.practice.setting_up import today


def address_for(connection: Connection, *, by=None, by_name: str = "") -> str:
    """A new address for a connection, shown this once; "" while there is no public address that it could lead to."""
    if not settings.PUBLIC_URL:
        return ""
    token, digest = tokens.make()
    with acts.act("stop link", connection.name, by=by, by_name=by_name):
        StopLink(connection=connection, token_hash=digest, made_at=timezone.now()).save()
    return f"{settings.PUBLIC_URL.rstrip('/')}/stop/{token}"


def use(token: str) -> bool:
    """Record the wish of whoever holds this address; answers whether it was known."""
    with transaction.atomic():
        looking_up(token)
        link = StopLink.everywhere.filter(token_hash=tokens.hashed(token)).first()
    if link is None:
        return False
    with acting_in(link.practice_id):
        connection = Connection.objects.get(pk=link.connection_id)
        from kneadwork.practice.models import Practice

        practice = Practice.objects.get(pk=link.practice_id)
        resting.stop(connection, on=today(practice), how=_("by their own link"), by_name=connection.name)
    return True
