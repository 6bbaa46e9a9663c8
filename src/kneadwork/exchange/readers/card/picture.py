"""A photograph of a card: opened within limits, turned as the camera held it, the card cut out and set straight.

Pictures here are arrays of height × width × three colours (blue, green, red), at most `LONGEST_SIDE` long.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kneadwork.common.storage import LONGEST_SIDE, PICTURE_BYTES, PICTURE_PIXELS
from kneadwork.exchange.neutral import Unreadable

if TYPE_CHECKING:
    import numpy as np

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "HEIF")
#: Text on anything narrower cannot be told apart.
SHORTEST_SIDE = 60
#: The side of the small picture in which the card's edge is looked for, and how much of it a card fills at least.
SMALL, LEAST_SHARE, LEAST_FILL = 480, 0.2, 0.94
#: Cards are one and a half to nearly twice as wide as high; perspective shortens a side.
SQUAREST, LONGEST, UNEQUAL = 1.15, 2.6, 0.6
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a prepared picture, each number a share of its width or height from 0 to 1; `side` is front or back."""

    side: str
    left: float
    top: float
    width: float
    height: float


def opened(data: bytes) -> np.ndarray:
    """The picture in these bytes: JPEG, PNG, GIF, WebP or HEIC, as the camera was held. Unreadable for anything else."""
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > PICTURE_BYTES:
        raise Unreadable(_("This picture is too large. Ten megabytes are the most."))
    _with_heic()
    Image.MAX_IMAGE_PIXELS = 2 * PICTURE_PIXELS  # the library warns at this and refuses at twice as many
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        _check_size(*picture.size)  # said by its head, before anything is unpacked
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture = _on_white(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise Unreadable(_("This is not a picture that can be read. JPEG, PNG and HEIC are."))
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _with_heic() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


def _check_size(width: int, height: int) -> None:
    if width * height > PICTURE_PIXELS:
        raise Unreadable(_("This picture is too large. Forty million points are the most."))
    scale = min(1, LONGEST_SIDE / max(width, height))
    if min(width, height) * scale < SHORTEST_SIDE:
        raise Unreadable(_("This picture is too small to read. Photograph the card from nearer."))


def _on_white(picture):
    """Three colours; what is transparent shows white paper."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def as_jpeg(picture: np.ndarray) -> bytes:
    """A prepared picture as a file, without anything hidden in it."""
    import cv2

    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def crop(jpeg: bytes, box: Box, *, around: float = 0.3) -> bytes:
    """What stands in a box of a prepared picture, with a little around it, as a JPEG: what a doubtful field is shown beside."""
    from PIL import Image

    picture = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    wide, high = picture.size
    edge = around * box.height * high
    left, top = box.left * wide, box.top * high
    right, bottom = left + box.width * wide, top + box.height * high
    place = (max(0, left - edge), max(0, top - edge), min(wide, right + edge), min(high, bottom + edge))
    out = io.BytesIO()
    picture.crop(tuple(round(value) for value in place)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def cut_out(picture: np.ndarray) -> np.ndarray:
    """The card alone, seen from straight above, where its four edges stand out from what it lies on; else the picture."""
    corners = _corners(picture)
    if corners is None:
        return picture
    import cv2
    import numpy as np

    (top, right, bottom, left) = (np.linalg.norm(corners[i] - corners[(i + 1) % 4]) for i in range(4))
    wide, high = int(max(top, bottom)), int(max(left, right))
    straight = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    return cv2.warpPerspective(
        picture, cv2.getPerspectiveTransform(corners, straight), (wide, high), flags=cv2.INTER_CUBIC
    )


def _corners(picture: np.ndarray) -> np.ndarray | None:
    """The corners of the card, from the one at the top left on; None where no such outline is found with confidence."""
    import cv2

    scale = SMALL / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for mask in _masks(small):
        outlines, _order = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:1]:
            found = _four_corners(outline, small.shape)
            if found is not None:
                return found / scale
    return None


def _masks(small: np.ndarray):
    """Where the card may be: what differs from the edge of the picture, what is lighter than most, what has an outline."""
    import cv2
    import numpy as np

    colours = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2LAB).astype(np.int16)
    edge = np.concatenate(
        [
            colours[:4].reshape(-1, 3),
            colours[-4:].reshape(-1, 3),
            colours[:, :4].reshape(-1, 3),
            colours[:, -4:].reshape(-1, 3),
        ]
    )
    usual = np.median(edge, axis=0)
    if np.percentile(np.abs(edge - usual).max(axis=1), 80) < 25:  # it lies on something of one colour
        far = np.abs(colours - usual).max(axis=2)
        for least in (12, 24):
            yield cv2.morphologyEx((far > least).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    grey = colours[:, :, 0].astype(np.uint8)
    yield cv2.morphologyEx(
        cv2.threshold(grey, 0, 1, cv2.THRESH_OTSU)[1].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
    )
    yield cv2.dilate(cv2.Canny(grey, 30, 90), np.ones((3, 3), np.uint8))


def _four_corners(outline: np.ndarray, shape: tuple) -> np.ndarray | None:
    """The four corners of an outline that looks like a whole card inside the picture, clockwise; None for any other."""
    import cv2
    import numpy as np

    high, wide = shape[:2]
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    if not LEAST_SHARE * wide * high < area < 0.98 * wide * high:
        return None
    for share in (0.015, 0.02, 0.03, 0.05):
        four = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
        if len(four) == 4:
            break
    else:
        return None
    filled = cv2.contourArea(four)
    if not min(filled, area) / max(filled, area) > LEAST_FILL:
        return None
    if (four < 2).any() or (four[:, 0] > wide - 3).any() or (four[:, 1] > high - 3).any():
        return None
    return _clockwise(four) if _is_card(four) else None


def _is_card(four: np.ndarray) -> bool:
    import numpy as np

    first, second, third, fourth = (float(np.linalg.norm(four[i] - four[(i + 1) % 4])) for i in range(4))
    sides = (first + third) / 2, (second + fourth) / 2
    equal = min(first, third) / max(first, third) > UNEQUAL and min(second, fourth) / max(second, fourth) > UNEQUAL
    return equal and SQUAREST < max(sides) / min(sides) < LONGEST


def _clockwise(four: np.ndarray) -> np.ndarray:
    """From the corner that is nearest to the top left of the picture on."""
    import numpy as np

    centre = four.mean(axis=0)
    around = four[np.argsort(np.arctan2(four[:, 1] - centre[1], four[:, 0] - centre[0]))]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)
