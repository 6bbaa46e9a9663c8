"""A real Radicale on this machine, with one user and whatever calendars a test puts there; and a plain server of feeds."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from tests.serving import running

USER, PASSWORD = "robin@practice.example", "quiet hands, 2 of them"


class Radicale:
    """The running server: its address, and a hand for the test to put things there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.hand = httpx.Client(base_url=url, auth=(USER, PASSWORD), trust_env=False)

    def calendar(self, name: str, *entries: str, holds: str = "VEVENT") -> str:
        """A calendar of the user's, with entries' lines in it; answers its path."""
        path = f"/{USER}/{name.lower()}/"
        body = f"""<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
        <D:displayname>{name}</D:displayname><C:supported-calendar-component-set><C:comp name="{holds}"/>
        </C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>"""
        assert self.hand.request("MKCALENDAR", path, content=body).status_code == 201
        for number, lines in enumerate(entries):
            self.put(path, f"{number}", lines)
        return path

    def put(self, path: str, uid: str, *entries: str) -> None:
        """One entry, with its exceptions, under a name."""
        inside = "".join(
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n{e}\r\nEND:VEVENT\r\n" for e in entries
        )
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\n{inside}END:VCALENDAR\r\n"
        answer = self.hand.put(f"{path}{uid}.ics", content=text, headers={"Content-Type": "text/calendar"})
        assert answer.status_code in (201, 204), answer.text

    def delete(self, path: str) -> None:
        """Take something away."""
        assert self.hand.delete(path).status_code == 200


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """The server, while a test runs; it must be installed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    command = [
        sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "htpasswd",
        "--auth-htpasswd-filename", str(folder / "users"), "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
        "--storage-filesystem-folder", str(folder / "collections"), "--logging-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command)
    try:
        _until_it_answers(port, process)
        yield Radicale(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _until_it_answers(port: int, process: subprocess.Popen) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        assert process.poll() is None, "Radicale ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Radicale does not answer")


class Feeds(ThreadingHTTPServer):
    """A plain web server: what it answers is the test's; `seen` are the requests with the headers that matter."""

    daemon_threads = True

    def __init__(self, answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> None:
        self.seen: list[tuple[str, str, str | None]] = []
        feeds = self

        class Handler(BaseHTTPRequestHandler):
            def any(self) -> None:
                feeds.seen.append((self.command, self.path, self.headers["Authorization"]))
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                status, headers, body = answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PROPFIND = do_REPORT = any

            def log_message(self, *args) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


def feeds(answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> AbstractContextManager[Feeds]:
    """The server, while a test runs."""
    return running(Feeds(answer))
