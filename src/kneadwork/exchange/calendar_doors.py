"""Going to a calendar that lies elsewhere: every step through the one door to the outside, what goes wrong said in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from kneadwork.common import outside
from kneadwork.common.outside import Answer
from kneadwork.practice.calendars import Access

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: How often one is sent on, how many requests one reading makes, and how long all of them take.
MOST_REDIRECTS, MOST_REQUESTS, MOST_SECONDS = 5, 200, 120.0


class Trouble(Exception):
    """Why a calendar could not be read, in words for the user. waits: trying again does not help before they did something."""

    def __init__(self, words: str, *, waits: bool = False) -> None:
        super().__init__(words)
        self.waits = waits


@dataclass(slots=True)
class Trip:
    """One reading: how much of its requests and time is used; beat is called before each request."""

    beat: Callable[[], None]
    requests: int = 0
    ends: float = 0.0

    def step(self) -> None:
        """Count one request; Trouble where there were too many of them, or all took too long."""
        self.beat()
        self.ends = self.ends or time.monotonic() + MOST_SECONDS
        self.requests += 1
        if self.requests > MOST_REQUESTS or time.monotonic() > self.ends:
            raise Trouble(_("The calendar's server takes too long. Kneadwork tries again in half an hour."))


def feed(access: Access, trip: Trip) -> bytes:
    """What a feed's address answers."""
    answer, _url = follow("GET", access.address, {"Accept": "text/calendar, text/plain;q=0.5"}, trip=trip)
    refuse_fault(answer)
    if answer.media_type == "text/html" or answer.body[:200].lstrip()[:1] == b"<":
        raise Trouble(
            _("This address shows a web page and no calendar. In your calendar's settings look for the secret address "
              "in iCal format; it mostly ends in .ics."), waits=True,
        )  # fmt: skip
    return answer.body


def follow(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, login: tuple[str, str] | None = None, trip: Trip
) -> tuple[Answer, str]:  # fmt: skip
    """An answer that sends nobody on, and from where it came. Each address is judged anew.

    With a login nobody is followed to another server, so that no password goes where its owner did not send it.
    """
    for _number in range(MOST_REDIRECTS + 1):
        trip.step()
        answer = _asked(method, url, headers, body, login)
        if answer.status not in REDIRECTS or not answer.headers.get("location"):
            return answer, url
        onward = urljoin(url, answer.headers["location"])
        if url.startswith("https:") and not onward.startswith("https:"):
            raise Trouble(
                _("This server sends on to an address that is not encrypted. Kneadwork does not go there."), waits=True
            )
        if login and not same_server(onward, url):
            words = _("This server sends on to %(host)s. If that is right, add the account with that address.")
            raise Trouble(words % {"host": (urlsplit(onward).hostname or "")[:100]}, waits=True)
        url = onward
    raise Trouble(_("This address sends on and on. Copy it once more from your calendar's settings."), waits=True)


def _asked(method: str, url: str, headers, body: bytes, login) -> Answer:
    trusted = settings.CALENDAR_SERVER
    if login and not url.startswith("https:") and not (trusted and same_server(url, trusted)):
        words = _("A password is not sent to an address that is not encrypted. Use the one that begins with https://.")
        raise Trouble(words, waits=True)
    try:
        return outside.call(method, url, headers, body, login=login, trusted=trusted)
    except outside.OutsideRefused:
        words = _(
            "Kneadwork does not call this address: it is none of the open network. Look whether it is copied whole."
        )
        raise Trouble(words, waits=True)
    except outside.Unreachable as unreachable:
        raise Trouble(_("%(why)s Kneadwork tries again in half an hour.") % {"why": unreachable})


def same_server(one: str, other: str) -> bool:
    """Whether two addresses are of one server: scheme, host and port."""
    try:
        return outside.place(one) == outside.place(other)
    except ValueError:
        return False


def refuse_fault(answer: Answer) -> None:
    """Trouble in words for every status that is no answer."""
    if answer.status in (401, 403):
        raise Trouble(
            _("The calendar's server does not let us in. Check name and password; many services want an app password, made in "
              "their security settings. A secret address may have been replaced by a new one."), waits=True,
        )  # fmt: skip
    if answer.status in (404, 410):
        words = _("There is no calendar at this address any more. Copy it once more from your calendar's settings.")
        raise Trouble(words, waits=True)
    if answer.status == 429:
        raise Trouble(_("The calendar's server was asked too often just now. Kneadwork tries again in half an hour."))
    if not 200 <= answer.status < 300:
        words = _("The calendar's server answers with a fault (%(status)d). Kneadwork tries again in half an hour.")
        raise Trouble(words % {"status": answer.status})
