"""The one door for calls to the outside.

Schemes and ports are listed; a name is resolved once and every address it has is judged by our own list; the connection
goes to that very address. Redirects are not followed here: who follows one calls again, so that the new address is judged
too. Proxies of the environment are not used; time and size are limited.
An address that the operator configured (`trusted`) is the operator's word and may lie on this machine.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

PORTS = {"https": 443, "http": 80}
MOST_BYTES = 8 * 1024 * 1024
SECONDS = 20.0

_DENIED_4 = [ipaddress.IPv4Network(n) for n in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)]  # fmt: skip
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_DENIED_6 = [ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


class OutsideRefused(Exception):
    """An address that Kneadwork does not call, in words that do not tell what answers there."""


class Unreachable(Exception):
    """Nobody answered in time, or the answer was cut short; trying later may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, media type, the text, and the very bytes with the headers (by name in any letters)."""

    status: int
    media_type: str
    text: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network (IANA special-purpose registries; embedded IPv4 counts as IPv4)."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in _DENIED_4)
    if ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    return ip in _GLOBAL_6 and not any(ip in net for net in _DENIED_6)


def judged(url: str, trusted: str = "") -> tuple[str, str, int]:
    """(host, address to connect to, port) of a URL that may be called; OutsideRefused of any other.

    trusted: an address that the operator configured; scheme, host and port must equal its own.
    """
    refusal = OutsideRefused(_("Kneadwork does not call this address."))
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise refusal
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.password is not None:
        raise refusal
    port = port or PORTS[parts.scheme]
    ours = bool(trusted) and place(url) == place(trusted)
    if not ours and port not in PORTS.values():
        raise refusal
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(_("The address %(host)s is not known. Is this machine online?") % {"host": host[:100]})
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not (ours or all(is_public(a) for a in addresses)):
        raise refusal
    return host, addresses[0], port


def place(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an address: what makes it the same server."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def get(url: str, params: dict[str, str] | None = None, *, trusted: str = "", seconds: float = SECONDS) -> Answer:
    """Fetch a text. Raises OutsideRefused or Unreachable; any status is an answer."""
    return call("GET", url, {"Accept": "application/json"}, params=params, trusted=trusted, seconds=seconds)


def call(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"", *,
    params: dict[str, str] | None = None, login: tuple[str, str] | None = None, trusted: str = "", seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """Ask anything of an address. Raises OutsideRefused or Unreachable; any status is an answer.

    login: name and password, told by the way that the server asks for (basic or digest), to this very address and no other.
    """
    import httpx

    host, address, port = judged(url, trusted)
    parts = urlsplit(url)
    literal = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
    told = {"User-Agent": "Kneadwork", **(headers or {}), "Host": parts.netloc}
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=seconds) as client, _ending(client, seconds):
            sent = client.build_request(
                method, target, params=params, headers=told, content=body or None, extensions={"sni_hostname": host}
            )
            answer = _sent(client, sent, login)
            try:
                return _read(answer, time.monotonic() + seconds)
            finally:
                answer.close()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, RuntimeError, ValueError):
        raise Unreachable(_("%(host)s did not answer.") % {"host": host[:100]})


def _sent(client, request, login: tuple[str, str] | None):
    """The answer, still to be read: with a login by basic, and by digest where the server wants that."""
    import httpx

    if login is None:
        return client.send(request, stream=True)
    answer = client.send(request, stream=True, auth=httpx.BasicAuth(*login))
    asked_for = answer.headers.get("www-authenticate", "").casefold()
    if answer.status_code != 401 or "digest" not in asked_for or "basic" in asked_for:
        return answer
    answer.close()
    del request.headers["Authorization"]
    return client.send(request, stream=True, auth=httpx.DigestAuth(*login))


@contextmanager
def _ending(client, seconds: float) -> Iterator[None]:
    """Hang up when the time is over, also on somebody who sends one character after the other."""
    timer = threading.Timer(seconds, client.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(answer, ends: float) -> Answer:
    """The body, counted while it comes (also unpacked), within the time."""
    data = bytearray()
    for piece in answer.iter_bytes(65_536):
        data += piece
        if len(data) > MOST_BYTES:
            raise Unreachable(_("The answer is larger than any that is expected."))
        if time.monotonic() > ends:
            raise Unreachable(_("The answer took too long."))
    media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    text = data.decode(answer.encoding or "utf-8", "replace")
    return Answer(answer.status_code, media_type, text, bytes(data), answer.headers)
