"""A local server that speaks the map service's protocol (Overpass): its question, its limits, its remarks, its moods.
from tests.serving import running

`elements_of` makes its answers from an OpenStreetMap file, as the service does.
"""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from kneadwork.facts.zips import metres
from tests.serving import running

BUSY_PAGE = """<?xml version="1.0" encoding="UTF-8"?><html><body>
<p><strong style="color:#FF0000">Error</strong>: runtime error: open64: 0 Success /osm3s_osm_base Dispatcher_Client </p>
</body></html>"""


class MapService(HTTPServer):
    """Serves elements; `moods` are answers given first: a status, or a text sent instead of the answer."""

    def __init__(self, elements: list[dict]) -> None:
        self.elements, self.asked, self.moods = elements, [], []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/api/interpreter"

    def matching(self, question: str) -> list[dict]:
        """The elements of a question's lines: a tag whose value matches, around a place."""
        lines = re.findall(r'nwr\["name"\]\["([^"]+)"~"([^"]+)"\]\(around:([\d.]+),([-\d.]+),([-\d.]+)\);', question)
        assert lines and question.startswith("[out:json][timeout:"), question
        return [
            e for e in self.elements
            if "name" in e.get("tags", {}) and any(_matches(e, tag, value, float(m), float(lat), float(lon))
                                                   for tag, value, m, lat, lon in lines)
        ]  # fmt: skip


def _matches(element: dict, tag: str, value: str, around: float, lat: float, lon: float) -> bool:
    at = element.get("center", element)
    return bool(re.search(value, element["tags"].get(tag, ""))) and metres(lat, lon, at["lat"], at["lon"]) <= around


class _Handler(BaseHTTPRequestHandler):
    server: MapService

    def do_GET(self) -> None:
        """One question."""
        question = parse_qs(urlsplit(self.path).query)["data"][0]
        self.server.asked.append(question)
        mood = self.server.moods.pop(0) if self.server.moods else None
        if isinstance(mood, int):
            self._say(mood, BUSY_PAGE)
        elif mood is not None:
            self._say(200, mood)
        else:
            found = self.server.matching(question)
            answer = {"version": 0.6, "generator": "Overpass API 0.7.62", "elements": found}
            self._say(200, json.dumps(answer))

    def _say(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        """Say nothing."""


def elements_of(path: Path) -> list[dict]:
    """The named objects of an OpenStreetMap file as the service gives them."""
    import osmium

    found = []
    for row in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("name")):
        element = {"type": {"n": "node", "w": "way"}.get(row.type_str()), "id": row.id, "version": row.version,
                   "tags": {t.k: t.v for t in row.tags}}  # fmt: skip
        if row.is_node():
            found.append(element | {"lat": row.location.lat, "lon": row.location.lon})
        elif row.is_way():
            nodes = [n for n in row.nodes if n.location.valid()]
            middle = {"lat": sum(n.lat for n in nodes) / len(nodes), "lon": sum(n.lon for n in nodes) / len(nodes)}
            found.append(element | {"center": middle})
    return found


def serving(elements: list[dict]) -> AbstractContextManager[MapService]:
    """The server, while a test runs."""
    return running(MapService(elements))
