"""A local server of tiles: one small picture for every address, and what was asked for with which referrer."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

from tests.serving import running


def a_tile() -> bytes:
    """A made-up block of streets."""
    picture = Image.new("RGB", (256, 256), "#efe9dd")
    draw = ImageDraw.Draw(picture)
    for n in range(0, 256, 64):
        draw.line((n, 0, n, 256), "white", 7)
        draw.line((0, n, 256, n), "white", 7)
    draw.rectangle((140, 140, 180, 180), "#cfe0c3")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


class TileService(ThreadingHTTPServer):
    """Serves tiles; `asked` holds (path, referrer)."""

    def __init__(self) -> None:
        self.tile, self.asked = a_tile(), []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.address = f"{self.origin}/{{z}}/{{x}}/{{y}}.png"


class _Handler(BaseHTTPRequestHandler):
    server: TileService

    def do_GET(self) -> None:
        """One tile."""
        self.server.asked.append((self.path, self.headers.get("Referer", "")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(self.server.tile)))
        self.end_headers()
        self.wfile.write(self.server.tile)

    def log_message(self, *args) -> None:
        """Say nothing."""


def serving_tiles() -> AbstractContextManager[TileService]:
    """The server, while a test runs."""
    return running(TileService())
