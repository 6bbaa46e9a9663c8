"""The door to the outside: what it calls, what it never calls, and what it does with an answer."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.common import outside

INSIDE = (
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/", "http://[fd00:ec2::254]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://user@127.0.0.1/",
)  # fmt: skip
ODD = (
    "file:///etc/passwd",
    "gopher://8.8.8.8/",
    "ftp://8.8.8.8/",
    "http://8.8.8.8:22/",
    "http://",
    "http://a:b:c/",
    "//x/",
    "",
)


class Canary(HTTPServer):
    """A server on this machine that counts who comes, and answers what a test says."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {"Content-Type": "application/json"}, b"{}")
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.seen.append(f"{self.headers['Host']} {self.path}")
                status, headers, body = canary.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


@pytest.fixture
def canary():
    server = Canary()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("url", [*INSIDE, *ODD])
def test_what_lies_inside_is_never_called(url):
    with pytest.raises((outside.OutsideRefused, outside.Unreachable)):
        outside.judged(url)


@pytest.mark.parametrize("url", [u for u in INSIDE if "." in u or "[" in u])
def test_no_form_of_a_local_address_reaches_a_server_here(canary, url):
    port = canary.server_address[1]
    with pytest.raises((outside.OutsideRefused, outside.Unreachable)):
        outside.get(url.rstrip("/").replace("/latest/meta-data", "") + f":{port}/")
    assert canary.seen == []


@given(st.ip_addresses(v=4))
def test_an_address_is_public_only_if_it_is_one_wherever_it_hides(address):
    public = outside.is_public(str(address))
    assert public == outside.is_public(f"::ffff:{address}")
    if public:
        assert address.is_global and not address.is_multicast


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_the_global_block_is_public(address):
    if outside.is_public(str(address)) and address.ipv4_mapped is None:
        assert address in ipaddress.ip_network("2000::/3") and address.is_global


def test_the_configured_address_is_called_by_its_name_and_only_it(canary):
    answer = outside.get(canary.url + "api/", {"version": "2.1"}, trusted=canary.url)
    assert (answer.status, answer.media_type, answer.text) == (200, "application/json", "{}")
    assert canary.seen == [f"127.0.0.1:{canary.server_address[1]} /api/?version=2.1"]
    with pytest.raises(outside.OutsideRefused):
        outside.get(canary.url, trusted="http://127.0.0.1:9/")


def test_a_redirect_is_an_answer_and_is_not_followed(canary):
    canary.answer = (302, {"Location": canary.url + "secret"}, b"")
    assert outside.get(canary.url, trusted=canary.url).status == 302
    assert len(canary.seen) == 1


def test_an_answer_without_end_is_cut(canary):
    canary.answer = (200, {}, b"x" * (outside.MOST_BYTES + 1))
    with pytest.raises(outside.Unreachable):
        outside.get(canary.url, trusted=canary.url)


def test_nobody_there_is_said_in_words():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    with pytest.raises(outside.Unreachable, match="did not answer"):
        outside.get(url, trusted=url, seconds=3)


class Dripping(threading.Thread):
    """A server that sends one character after the other and never ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}/"

    def run(self) -> None:
        there, _address = self.door.accept()
        with there:
            there.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.hung_up(there):
                pass

    def hung_up(self, there) -> bool:
        there.settimeout(0.1)
        try:
            there.sendall(b"x")
            return there.recv(4096) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


def test_who_sends_one_character_after_the_other_is_hung_up_on():
    slow = Dripping()
    slow.start()
    started = time.monotonic()
    with pytest.raises(outside.Unreachable):
        outside.get(slow.url, trusted=slow.url, seconds=1)
    assert time.monotonic() - started < 5
    slow.join(5)
    assert not slow.is_alive()
    slow.door.close()


def test_any_method_carries_its_body_and_a_login_only_where_it_is_sent(canary):
    answer = outside.call("GET", canary.url, {"Depth": "1"}, login=("robin", "words"), trusted=canary.url)
    assert answer.body == b"{}" and answer.headers["CONTENT-TYPE"] == "application/json"
    with pytest.raises(outside.OutsideRefused):
        outside.call("PROPFIND", canary.url, body=b"<x/>", login=("robin", "words"))
    assert len(canary.seen) == 1
