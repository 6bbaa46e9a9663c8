"""Pictures of made-up cards, as a phone sends them."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def a_picture(*lines: str, kind: str = "JPEG", size: tuple[int, int] = (900, 520), **options) -> bytes:
    """A card with these lines on it."""
    picture = Image.new("RGB", size, "#fbfbf8")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines or ("Ines Halvorsen", "Licensed acupuncturist", "206-555-0143")):
        draw.text((60, 80 + 70 * number), line, fill="#2b3a44", font_size=42)
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def an_upload(*lines: str, name: str = "card.jpg", **options) -> SimpleUploadedFile:
    """The same as an upload."""
    return SimpleUploadedFile(name, a_picture(*lines, **options))
