"""May somebody be told of a client? What the disclosure guard is asked, from what is recorded here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kneadwork.guard.disclosure import PUBLIC, THE_PERSON, Disclosure, DisclosureAnswer, may_disclose
from kneadwork.network.models import Client, Connection


def may_tell(
    to: Connection | str, about: Client, *, purpose: str, given: Mapping[str, str], on: date
) -> DisclosureAnswer:
    """The guard's answer for a connection, `public` or `the_person`; nothing goes out by asking."""
    if isinstance(to, Connection):
        request = Disclosure(about.ref, to.ref, purpose, relations(to, about), given)
    else:
        request = Disclosure(about.ref, to, purpose, frozenset(), given)
    return may_disclose(request, (), on=on)


def relations(to: Connection, about: Client) -> frozenset[str]:
    """What a connection is to a client; nothing recorded means a source, whatever their profession."""
    return frozenset({THE_PERSON} if about.connection_id == to.pk else ())


#: Recipients that are no connection.
NOBODY_IN_PARTICULAR = (PUBLIC, THE_PERSON)
