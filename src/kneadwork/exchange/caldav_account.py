"""A CalDAV account (RFC 4791): which calendars it holds, and what stands in them within a time.

The library knows the protocol; its one way to send a request is replaced by ours, so that nothing leaves but by the one door.
Imported where it is used: the library is heavy.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import caldav
from caldav.davclient import DAVResponse
from caldav.elements import cdav
from caldav.lib.python_utilities import to_wire
from defusedxml import ElementTree
from django.utils.translation import gettext as _

from kneadwork.exchange import calendar_doors
from kneadwork.exchange.calendar_doors import Trip, Trouble
from kneadwork.practice.calendars import Access

#: Services that keep people's calendars on several servers of one domain, and name them after signing in.
SPREAD = ("icloud.com",)
MOST_CALENDARS = 50
logging.getLogger("caldav").setLevel(logging.CRITICAL)  # it would write what stands in calendars


class _Client(caldav.DAVClient):
    """The library's client, whose requests go through the door and carry the password to the account's own server only."""

    def __init__(self, access: Access, trip: Trip) -> None:
        super().__init__(url=access.address)
        self.access, self.trip = access, trip

    def request(self, url, method="GET", body="", headers=None):
        """One request; Trouble where it is refused, fails, or answers something that is no answer of such a server."""
        told = {"Content-Type": "application/xml; charset=utf-8", "Accept": "text/xml, text/calendar"} | dict(
            headers or {}
        )
        if not _may_go(str(url), self.access.address):
            host = (urlsplit(str(url)).hostname or "")[:100]
            words = _("This server names another one, %(host)s. If that is right, add the account with that address.")
            raise Trouble(words % {"host": host}, waits=True)
        login = (self.access.user, self.access.password)
        answer, _url = calendar_doors.follow(method, str(url), told, to_wire(body) or b"", login=login, trip=self.trip)
        calendar_doors.refuse_fault(answer)
        _refuse_no_xml(answer.body)
        kind = {"Content-Type": "text/xml"} if answer.body else {}
        found = SimpleNamespace(headers=kind, content=answer.body, status_code=answer.status, reason="")
        return DAVResponse(found, self)


def _may_go(url: str, address: str) -> bool:
    """Whether a request may go there with the password: the account's server, or one of a service known to have several."""
    if calendar_doors.same_server(url, address):
        return True
    there, here = urlsplit(url), urlsplit(address)
    return there.scheme == "https" and there.port in (None, 443) and any(
        (host or "").endswith(f".{domain}") and (here.hostname or "").endswith(f".{domain}")
        for domain in SPREAD for host in [there.hostname]
    )  # fmt: skip


def _refuse_no_xml(body: bytes) -> None:
    """Trouble for an answer that is no XML, or one that defines entities: the library would log it, or unpack it."""
    try:
        if body.strip():
            ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise Trouble(_("This is no calendar account: something else answers there. Check the address."))


def calendars(access: Access, trip: Trip) -> list[dict]:
    """The calendars of an account that hold events, each with its name and address; the address itself where it is one."""
    with _in_words():
        client = _Client(_at_home(access, trip), trip)
        found = []
        for one in client.principal().calendars()[:MOST_CALENDARS]:
            if "VEVENT" in (one.get_supported_components() or ["VEVENT"]):
                found.append({"address": str(one.url), "name": (one.get_display_name() or _("A calendar"))[:100]})
        if not found:
            raise Trouble(_("There is no calendar in this account that can be read. Check the address."), waits=True)
        return found


def _at_home(access: Access, trip: Trip) -> Access:
    """The access with the address at which calendars are found, as the server says where only its name is known (RFC 6764)."""
    if urlsplit(access.address).path.strip("/"):
        return access
    body = b'<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
    headers = {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"}
    answer, came_from = calendar_doors.follow(
        "PROPFIND", urljoin(access.address, "/.well-known/caldav"), headers, body,
        login=(access.user, access.password), trip=trip,
    )  # fmt: skip
    return Access(came_from, access.user, access.password) if answer.status == 207 else access


def entries(access: Access, address: str, begins: datetime, ends: datetime, trip: Trip) -> list[bytes]:
    """What stands in one calendar within a time, as calendar files."""
    with _in_words():
        client = _Client(access, trip)
        query, _kind = client.calendar(url=address).build_search_xml_query(event=True, start=begins, end=ends)
        found = client.report(address, str(query), 1).expand_simple_props([cdav.CalendarData()])
        return [text.encode() for props in found.values() if (text := props.get(cdav.CalendarData.tag))]


@contextmanager
def _in_words():
    """Whatever the library stumbles over becomes one sentence."""
    try:
        yield
    except Trouble:
        raise
    except Exception as fault:
        words = _(
            "The calendar's server answers in a way that Kneadwork does not understand. Its feed (.ics) may work."
        )
        raise Trouble(words) from fault
