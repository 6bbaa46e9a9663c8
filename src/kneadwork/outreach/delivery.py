"""The one gate out: whatever leaves the practice passes `release`, which asks both guards and keeps the log."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.guard.contact import may_contact
from kneadwork.guard.disclosure import may_disclose
from kneadwork.network.models import Client, Connection, Stop
from kneadwork.outreach.models import Release


class NotReleased(Exception):
    """The gate refused; `rule` names why."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule = rule


def release(
    what: str, to: Connection, *, purpose: str, about: Client | None = None, by=None, by_name: str = ""
) -> Release:
    """Let one thing go to a connection, or refuse with NotReleased; logged in the same transaction."""
    answer = may_contact(stopped=Stop.objects.filter(connection=to).exists())
    if not answer.allowed:
        raise NotReleased(answer.rule, _("%(name)s asked not to be written to.") % {"name": to.name})
    own = about is not None and about.connection_id == to.pk
    disclosure = may_disclose(about_client=about is not None, recipient_is_the_client=own)
    if not disclosure.allowed:
        raise NotReleased(disclosure.rule, _("This would tell %(name)s about a client.") % {"name": to.name})
    with acts.act("release", to.name, by=by, by_name=by_name):
        row = Release(
            connection=to, client=about, what=what, purpose=purpose, recipient=to.name, basis=disclosure.basis,
            rule=disclosure.rule, at=timezone.now(), by=by,
        )  # fmt: skip
        row.save()
    return row


def release_all(what: str, to: Sequence[Connection], *, purpose: str, by=None, by_name: str = "") -> None:
    """Let the same kind of thing, which is about no client, go to many: all, or with NotReleased none."""
    stopped = set(Stop.objects.filter(connection__in=[c.pk for c in to]).values_list("connection_id", flat=True))
    for one in to:
        answer = may_contact(stopped=one.pk in stopped)
        if not answer.allowed:
            raise NotReleased(answer.rule, _("%(name)s asked not to be written to.") % {"name": one.name})
    open_to_all = may_disclose(about_client=False, recipient_is_the_client=False)
    with acts.act("release", what, by=by, by_name=by_name):
        acts.add_all([
            Release(connection=c, what=what, purpose=purpose, recipient=c.name, basis=open_to_all.basis,
                    rule=open_to_all.rule, at=timezone.now(), by=by)
            for c in to
        ])  # fmt: skip


def labels_pdf(addresses, **options) -> bytes:
    """Set addresses of letters that were released as labels."""
    from kneadwork.outreach import typesetting

    return typesetting.labels_pdf(addresses, **options)


def leaflet_pdf(sheet, **options) -> bytes:
    """Set a leaflet about nobody, for anybody, as one tagged page."""
    from kneadwork.outreach import typesetting

    return typesetting.leaflet_pdf(sheet, **options)


def walk_pdf(stops, **options) -> bytes:
    """Set a walk for the therapist's own use as one tagged PDF."""
    from kneadwork.outreach import typesetting

    return typesetting.walk_pdf(stops, **options)


def letters_pdf(sheets, **options) -> bytes:
    """Set letters that were released as one tagged PDF."""
    from kneadwork.outreach import typesetting

    return typesetting.letters_pdf(sheets, **options)
