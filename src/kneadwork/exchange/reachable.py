"""Of what a file gives as telephones and e-mails, only what is one; the rest is kept as text and said."""

from __future__ import annotations

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from kneadwork.common.reaches import email_address, is_telephone
from kneadwork.exchange.neutral import Email, Record


def keep_reachable(record: Record) -> None:
    """Leave out of a record's telephones and e-mails what is none; one field with several e-mails gives several."""
    record.emails = [one for given in record.emails for one in _emails(record, given)]
    record.phones = [
        phone for phone in record.phones if is_telephone(phone.value) or _no_telephone(record, phone.value)
    ]
    if record.referred_by_email:
        record.referred_by_email = email_address(record.referred_by_email) or _no_email(
            record, record.referred_by_email
        )
    if record.referred_by_phone and not is_telephone(record.referred_by_phone):
        record.referred_by_phone = _no_telephone(record, record.referred_by_phone)


def _emails(record: Record, given: Email) -> list[Email]:
    whole = email_address(given.value)
    pieces = [whole] if whole else re.split(r"[;,]", given.value)
    found = [(piece.strip(), email_address(piece)) for piece in pieces if piece.strip()]
    for piece, address in found:
        if not address:
            _no_email(record, piece)
    return [replace(given, value=address) for _piece, address in found if address]


def _no_email(record: Record, value: str) -> str:
    record.keep(_("E-mail"), value)
    record.warn(_("“%(value)s” is no e-mail address: left out, and kept as a further value") % {"value": _short(value)})
    return ""


def _no_telephone(record: Record, value: str) -> str:
    record.keep(_("Telephone"), value)
    record.warn(
        _("“%(value)s” is no telephone number: left out, and kept as a further value") % {"value": _short(value)}
    )
    return ""


def _short(value: str) -> str:
    return " ".join(value.split())[:60]
