"""E-mails in the therapist's own mail program: a text filled in, checked, let through the gate, handed over as link or file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from django.utils.translation import gettext as _

from kneadwork.network.models import Connection
from kneadwork.outreach import delivery, letter_text, letters, stop_links
from kneadwork.outreach.models import Release
from kneadwork.outreach.salutation import salutation
from kneadwork.practice.models import Member, Practice
from kneadwork.practice.rights import sees_clients

SUBJECT_LENGTH, BODY_LENGTH = 150, 20_000
#: Longer addresses are cut by some mail programs; the file has no such limit.
LINK_LENGTH = 1_900


#: What a mail program takes before the @ without quoting (RFC 5322, dot-atom), but for %, which links give a meaning.
_LOCAL = re.compile(r"[\w!#$&'*+/=?^`{|}~-]+(\.[\w!#$&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)


class EmailRefused(Exception):
    """An e-mail that cannot be made, in words for the user."""


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail as it would go out; `release`: what let it go, None of a draft."""

    address: str
    name: str
    subject: str
    body: str
    release: Release | None = None

    @property
    def link(self) -> str:
        """The address that opens it in a mail program (RFC 6068)."""
        body = quote(self.body.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")
        return f"mailto:{quote(self.address, safe='@')}?subject={quote(self.subject, safe='')}&body={body}"

    @property
    def fits_a_link(self) -> bool:
        """Whether every mail program takes the whole of it from a link."""
        return len(self.link) <= LINK_LENGTH


def address_of(connection: Connection) -> str:
    """Their e-mail address as it was written down, the preferred one first; "" where none is known."""
    point = connection.contactpoints.filter(kind="email").order_by("-preferred", "pk").first()
    return point.value if point else ""


def one_recipient(written: str) -> str:
    """The one address that these words are, in the letters of the mail standards; refuses what is none, or several.

    What stands around it (`mailto:`, a name and angle brackets) is left away; a domain in other letters is written as
    mail programs send it (RFC 5891).
    """
    bare = written.strip().removeprefix("mailto:").strip()
    framed = re.fullmatch(r"[^<>,;@\r\n\u2028\u2029]*<([^<>]*)>", bare)
    local, _at, domain = (framed[1] if framed else bare).partition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) and len(local) <= 64 and len(domain) <= 180:
        return f"{local}@{domain}"
    raise EmailRefused(
        _("“%(written)s” is not one e-mail address that mail programs take. Mend it on their page.")
        % {"written": " ".join(written.split())[:80]}
    )


def draft(connection: Connection, practice: Practice, member: Member, *, key: str = "") -> Email:
    """A first text for them, from the template named or the one that suits, with its subject."""
    if key not in letters.shipped():
        key = letters.templates_for([connection], referrals=sees_clients(member))[connection.pk]
    text = letters.filled(letters.template_text(key), connection, practice, member)
    body = f"{salutation([connection])}\n\n{text}\n\n{member.name}"
    credential = f", {member.credential}" if member.credential else ""
    subject = _(letters.shipped()[key]["subject"])
    return Email(address_of(connection), connection.name, subject, f"{body}{credential}\n{practice.name}")


def hand_over(connection: Connection, subject: str, body: str, *, by: Member) -> Email:
    """Let an e-mail through the gate and answer it; refuses one without address or words, or to somebody who said stop."""
    subject, body = " ".join(subject.split())[:SUBJECT_LENGTH], body.strip()[:BODY_LENGTH]
    written = address_of(connection)
    if not written:
        raise EmailRefused(_("No e-mail address is known. Add one on their page, or call."))
    address = one_recipient(written)
    if not body:
        raise EmailRefused(_("There are no words in it yet."))
    faults = letter_text.problems(body)
    if faults:
        raise EmailRefused(faults[0].message)
    try:
        release = delivery.release("email", connection, purpose="outreach", says=f"{subject}\n{body}", by=by)
    except delivery.NotReleased as refused:
        raise EmailRefused(str(refused))
    wish = stop_links.address_for(connection, by=by)
    if wish:
        body += "\n\n" + _("If you would rather not hear from me, say so here: %(link)s") % {"link": wish}
    return Email(address, connection.name, subject or _("Hello"), body, release)


def as_file(email: Email, practice: Practice, member: Member) -> bytes:
    """The e-mail as an .eml file, opened by mail programs as a draft of one's own (RFC 5322, X-Unsent).

    Refuses a draft that did not pass the gate.
    """
    if email.release is None:
        raise delivery.NotReleased("not released", _("This e-mail did not pass the gate. Make it ready first."))
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(_plain(email.name), addr_spec=email.address)
    try:
        message["From"] = Address(_plain(member.name), addr_spec=one_recipient(practice.email))
    except EmailRefused:
        pass  # their mail program fills it in
    message["Subject"] = email.subject
    message["X-Unsent"] = "1"
    message.set_content(email.body + "\n")
    return message.as_bytes()


def _plain(name: str) -> str:
    return " ".join(name.split())
