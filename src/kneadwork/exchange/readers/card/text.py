"""The text on a card's picture: rapidocr with the models that it ships, loaded once a process, never from the network.

A card that lies on its side, on its head or askew is turned by what its lines of text say, not by its outline.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers.card.picture import Box

if TYPE_CHECKING:
    import numpy as np

#: In how fine a picture lines are looked for; they are read in the finer one.
LONGEST_SIDE = 960
THREADS = 2
LEAST_SCORE = 0.5
#: More lines than any card has: a page of a book is not read to its end.
MOST_LINES = 60
#: A line this much higher than wide runs along the picture's side.
TALL = 1.5
#: From how many degrees on a picture is set straight, and from which share of votes on it stands on its head.
LEAST_SKEW, ON_ITS_HEAD, SURE = 0.7, 0.5, 0.85
#: A line read with less certainty is read twice more, framed higher by these shares: marks above letters are lost first.
CERTAIN, HIGHER = 0.98, (0.08, 0.2)

_one_at_a_time = threading.Lock()


@dataclass(slots=True)
class Line:
    """One line of a card: its text, how sure the reading is (0 to 1), where it stands, how high its letters are (as a share
    of the picture's longer side)."""

    text: str
    score: float
    box: Box
    size: float
    proportion: float = 1.75


def read(picture: np.ndarray, side: str) -> tuple[np.ndarray, list[Line]]:
    """The picture turned upright and set straight, and its lines from the top; no lines where it holds no text."""
    with _one_at_a_time:
        quads = _found(picture)
        if not len(quads):
            return picture, []
        picture, quads = _straightened(picture, quads)
        engine = _engine()
        pieces = engine.crop_text_regions(picture, quads)
        if _is_on_its_head(pieces):
            picture, quads = _turned(picture, quads, 2)
            pieces = engine.crop_text_regions(picture, quads)
        texts = _surer(picture, quads, _recognised(pieces))
    kept = [(quad, text, score) for quad, (text, score) in zip(quads, texts, strict=True) if score >= LEAST_SCORE]
    lines = [_line(text, score, quad, picture, side) for quad, text, score in kept if text.strip()]
    return picture, sorted(lines, key=lambda line: (round(line.box.top + line.box.height / 2, 2), line.box.left))


@lru_cache(maxsize=1)
def _engine():
    from pathlib import Path

    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    shipped = {
        "Det": models / "PP-OCRv6_det_small.onnx", "Rec": models / "PP-OCRv6_rec_small.onnx",
        "Cls": models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    }  # fmt: skip
    if not all(file.is_file() for file in shipped.values()):
        raise Unreadable("The models that read cards are missing. Install Kneadwork's packages once more.")
    return rapidocr.RapidOCR(
        params={f"{part}.model_path": str(file) for part, file in shipped.items()}
        | {
            "Global.log_level": "critical", "Global.use_cls": False, "Global.use_rec": False,
            "Det.limit_type": "max", "Det.limit_side_len": LONGEST_SIDE, "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS, "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )  # fmt: skip


def _found(picture: np.ndarray) -> np.ndarray:
    """The corners of every line of text, each clockwise from its top left: an array of lines × 4 × 2."""
    import numpy as np

    boxes = getattr(_engine()(picture), "boxes", None)
    return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32)[:MOST_LINES]


def _recognised(pieces: list[np.ndarray]) -> list[tuple[str, float]]:
    found = _engine().recognize_txt(pieces)
    return list(zip(found.txts, found.scores, strict=True))


def _surer(picture: np.ndarray, quads: np.ndarray, texts: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The texts, those in doubt by a vote of three readings, each counting by how sure it is."""
    doubtful = [n for n, (_text, score) in enumerate(texts) if LEAST_SCORE <= score < CERTAIN]
    if not doubtful:
        return texts
    framed = [_framed_higher(quads[doubtful], share) for share in HIGHER]
    again = [_recognised(_engine().crop_text_regions(picture, quads)) for quads in framed]
    chosen = list(texts)
    for place, n in enumerate(doubtful):
        readings = [texts[n], *(one[place] for one in again)]
        votes: dict[str, float] = {}
        for read_as, score in readings:
            votes[read_as] = votes.get(read_as, 0) + score
        best = max(votes, key=votes.__getitem__)
        chosen[n] = best, max(score for read_as, score in readings if read_as == best)
    return chosen


def _framed_higher(quads: np.ndarray, share: float) -> np.ndarray:
    """The corners moved apart, up and down, by a share of the height."""
    framed = quads.copy()
    more = (quads[:, 3] - quads[:, 0]) * share / 2
    framed[:, 0] -= more
    framed[:, 1] -= more
    framed[:, 2] += more
    framed[:, 3] += more
    return framed


def _straightened(picture: np.ndarray, quads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turned by a quarter where most of the text runs along the side, and by the angle at which its lines hang."""
    import numpy as np

    long, short = _sides(quads)
    tall = short > TALL * long
    if short[tall].sum() > long[~tall].sum():
        picture, quads = _turned(picture, quads, 1)
        long, short = _sides(quads)
    along = quads[:, 1] - quads[:, 0]
    flat = long > 2 * short
    if not flat.any():
        return picture, quads
    angles = np.degrees(np.arctan2(along[flat, 1], along[flat, 0]))
    order = np.argsort(angles)
    weight = np.cumsum(long[flat][order])
    skew = float(angles[order][np.searchsorted(weight, weight[-1] / 2)])
    return _rotated(picture, quads, skew) if LEAST_SKEW < abs(skew) < 45 else (picture, quads)


def _sides(quads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    return np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1), np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)


def _turned(picture: np.ndarray, quads: np.ndarray, quarters: int) -> tuple[np.ndarray, np.ndarray]:
    """Both turned to the left by so many quarters; the corners begin at the top left again."""
    import numpy as np

    for _quarter in range(quarters):
        wide = picture.shape[1]
        picture = np.ascontiguousarray(np.rot90(picture))
        quads = np.stack([quads[:, :, 1], wide - 1 - quads[:, :, 0]], axis=2)
        quads = np.roll(quads, -1, axis=1)
    return picture, quads.astype(np.float32)


def _rotated(picture: np.ndarray, quads: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """Both turned by an angle, nothing cut off; what comes in at the corners has the colour of the edge."""
    import cv2
    import numpy as np

    high, wide = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1)
    new_wide = int(high * abs(matrix[0, 1]) + wide * abs(matrix[0, 0]))
    new_high = int(high * abs(matrix[0, 0]) + wide * abs(matrix[0, 1]))
    matrix[:, 2] += ((new_wide - wide) / 2, (new_high - high) / 2)
    turned = cv2.warpAffine(
        picture, matrix, (new_wide, new_high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return turned, (quads @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def _is_on_its_head(pieces: list[np.ndarray]) -> bool:
    """Whether the lines are upside down: by a vote of all, in doubt by reading three both ways."""
    import cv2

    wide = [piece for piece in pieces if piece.shape[1] > 2 * piece.shape[0]] or pieces
    _turned_pieces, votes = _engine().cls_and_rotate(wide)
    share = sum(score if label == "180" else 1 - score for label, score in votes.cls_res) / len(wide)
    if share < 1 - SURE or share > SURE:
        return share > ON_ITS_HEAD
    some = sorted(wide, key=lambda piece: piece.shape[1] / piece.shape[0])[-3:]
    as_it_is = sum(score for _text, score in _recognised(some))
    return sum(score for _text, score in _recognised([cv2.rotate(one, cv2.ROTATE_180) for one in some])) > as_it_is


def _line(text: str, score: float, quad: np.ndarray, picture: np.ndarray, side: str) -> Line:
    high, wide = picture.shape[:2]
    left, top = (float(value) for value in quad.min(axis=0).clip(0))
    right, bottom = float(min(wide, quad[:, 0].max())), float(min(high, quad[:, 1].max()))
    box = Box(side, left / wide, top / high, max(0.0, right - left) / wide, max(0.0, bottom - top) / high)
    across, down = _sides(quad[None])
    return Line(text.strip(), float(score), box, float(min(across[0], down[0])) / max(high, wide), wide / high)
