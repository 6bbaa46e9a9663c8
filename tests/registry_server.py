"""A local server that speaks the provider registry's protocol: paging, its bounds, its error bodies, its moods."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.serving import running

REFUSED = {"Errors": [{"field": "postal_code", "number": "09", "description": "postal_code requires two characters"}]}


class Registry(HTTPServer):
    """Serves providers; `moods` are answers given first: a status, or a text sent instead of the list."""

    def __init__(self, providers: list[dict]) -> None:
        self.providers, self.asked, self.moods = providers, [], []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/api/"

    def matching(self, wanted: dict[str, str]) -> list[dict]:
        """Those whose place and taxonomy begin as asked."""
        postal, word = wanted.get("postal_code", ""), wanted.get("taxonomy_description", "")

        def begins(value: str, asked: str) -> bool:
            return value.startswith(asked.rstrip("*")) if asked.endswith("*") else value[: len(asked)] == asked

        return [
            p for p in self.providers
            if any(begins(a["postal_code"], postal) for a in p["addresses"] if a["address_purpose"] == "LOCATION")
            and any(begins(t["desc"], word) for t in p["taxonomies"])
        ]  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        """One question."""
        wanted = dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append(wanted)
        mood = self.server.moods.pop(0) if self.server.moods else None
        if isinstance(mood, int):
            self._say(mood, "busy")
        elif mood is not None:
            self._say(200, mood)
        elif (
            len(wanted.get("postal_code", "").rstrip("*")) < 2
            or int(wanted["limit"]) > 200
            or int(wanted["skip"]) > 1000
        ):
            self._say(200, json.dumps(REFUSED))
        else:
            found = self.server.matching(wanted)
            page = found[int(wanted["skip"]) :][: int(wanted["limit"])]
            self._say(200, json.dumps({"result_count": len(page), "results": page}))

    def _say(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        """Say nothing."""


def serving(providers: list[dict]) -> AbstractContextManager[Registry]:
    """The server, while a test runs."""
    return running(Registry(providers))
