"""Pictures of business cards for tests, clean as a scanner gives them, and seven ways in which a photograph spoils them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.card_layouts import layout
from tests.card_people import Person


def clean(who: Person) -> list[bytes]:
    """The sides of a person's card, as a scanner gives them."""
    return [as_jpeg(side, 90) for side in layout(who)(who)]


def spoiled(who: Person, seed: int = 7) -> tuple[str, list[bytes]]:
    """The same as a hurried photograph gives them, and how they are spoiled."""
    rnd = random.Random(seed * 1000 + who.number)
    how = list(SPOILERS)[who.number % len(SPOILERS)]
    return how, [as_jpeg(SPOILERS[how](side, rnd), 75) for side in layout(who)(who)]


def as_jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def on_a_table(picture: Image.Image, rnd: random.Random, share: float = 0.18) -> Image.Image:
    """The card lying on a darker table with some grain."""
    wide, high = picture.size
    edge = int(max(wide, high) * share)
    grain = np.random.default_rng(rnd.randint(0, 10**6)).normal(0, 6, (high + 2 * edge, wide + 2 * edge, 1))
    table = np.clip(np.array(rnd.choice([(96, 74, 56), (70, 76, 84), (120, 110, 96)])) + grain, 0, 255).astype("uint8")
    whole = Image.fromarray(table)
    whole.paste(picture, (edge, edge))
    return whole


def skewed(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Held askew by up to fourteen degrees."""
    angle = rnd.choice([-1, 1]) * rnd.uniform(3, 14)
    whole = on_a_table(picture, rnd)
    return whole.rotate(angle, Image.Resampling.BICUBIC, fillcolor=whole.getpixel((3, 3)))


def blurred(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Out of focus, with the noise of a small lens."""
    soft = picture.filter(ImageFilter.GaussianBlur(rnd.uniform(1.4, 2.4)))
    noise = np.random.default_rng(rnd.randint(0, 10**6)).normal(0, 7, (*soft.size[::-1], 3))
    return Image.fromarray(np.clip(np.array(soft) + noise, 0, 255).astype("uint8"))


def shaded(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """In the shadow of the hand that holds the telephone."""
    wide, high = picture.size
    shade = Image.new("L", picture.size, 255)
    corner, reach = rnd.choice([0, wide]), rnd.uniform(0.5, 0.9)
    ImageDraw.Draw(shade).polygon(
        [(corner, 0), (abs(corner - wide * reach), 0), (corner, high * 1.3)], fill=rnd.randint(80, 120)
    )
    shade = shade.filter(ImageFilter.GaussianBlur(60))
    slope = Image.linear_gradient("L").resize(picture.size).point(lambda v: 140 + v * 115 // 255)
    return ImageChops.multiply(
        ImageChops.multiply(picture, Image.merge("RGB", [shade] * 3)), Image.merge("RGB", [slope] * 3)
    )


def turned(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Photographed from the wrong side: by a quarter, a half or three quarters."""
    return picture.rotate(rnd.choice([90, 180, 270]), expand=True)


def aslant(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Photographed aslant on a table: the far edge is shorter, and the whole hangs."""
    import cv2

    whole = np.array(on_a_table(picture, rnd, 0.22))
    high, wide = whole.shape[:2]
    corners = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    moved = corners + np.float32(
        [
            (rnd.uniform(0.02, 0.12) * wide * (1 if x == 0 else -1) * (y == 0), rnd.uniform(-0.05, 0.05) * high)
            for x, y in corners
        ]
    )
    return Image.fromarray(
        cv2.warpPerspective(
            whole, cv2.getPerspectiveTransform(corners, moved), (wide, high), borderMode=cv2.BORDER_REPLICATE
        )
    )


def small(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Sent on by a messenger: half the size and pressed hard."""
    half = picture.resize((picture.width * 6 // 10, picture.height * 6 // 10), Image.Resampling.LANCZOS)
    return Image.open(io.BytesIO(as_jpeg(half, 45))).convert("RGB")


def askew_and_shaded(picture: Image.Image, rnd: random.Random) -> Image.Image:
    """Turned on its head, askew and in the shadow."""
    return skewed(shaded(picture, rnd), rnd).rotate(rnd.choice([0, 180]))


SPOILERS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "skewed": skewed, "blurred": blurred, "shaded": shaded, "turned": turned, "aslant": aslant, "small": small,
    "askew and shaded": askew_and_shaded,
}  # fmt: skip
