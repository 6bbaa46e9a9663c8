"""Files that users hand over: checked by content, pictures re-encoded without where and when, encrypted at rest."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.models import Attachment

PICTURE_BYTES = 10 * 1024 * 1024
PICTURE_PIXELS = 40_000_000
LONGEST_SIDE = 1600
#: A card must stay legible: larger than a signature.
PHOTOGRAPH_SIDE = 2400


class FileRefused(Exception):
    """A file that is not kept, in words for the user."""


def keyring(home: Path | None = None) -> list[tuple[str, bytes]]:
    """The keys by name, newest first; made at the first use."""
    file = (home or settings.HOME) / "keyring"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"k1:{secrets.token_hex(32)}\n")
    pairs = [line.split(":") for line in file.read_text().splitlines() if line.strip()]
    return [(name, bytes.fromhex(key)) for name, key in pairs]


def keep(data: bytes, *, name: str, media_type: str, by=None) -> Attachment:
    """Keep bytes encrypted under a name of our own; answers the attachment."""
    stored = secrets.token_hex(16)
    sealed = seal(data, stored)
    folder = settings.HOME / "files"
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / stored).write_bytes(sealed)
    with acts.act("file", name, by=by):
        attachment = Attachment(
            name=name[:200], media_type=media_type, size=len(data), stored_as=stored, kept_at=timezone.now()
        )
        attachment.save()
    return attachment


def read(attachment: Attachment) -> bytes:
    """The bytes of an attachment; FileRefused where they were changed or the key is missing."""
    return unseal((settings.HOME / "files" / attachment.stored_as).read_bytes(), attachment.stored_as)


def seal(data: bytes, about: str) -> bytes:
    """Encrypt with the newest key; about: what it is, without which it opens as nothing else."""
    key_name, key = keyring()[0]
    nonce = secrets.token_bytes(12)
    return key_name.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, data, about.encode())


def unseal(sealed: bytes, about: str) -> bytes:
    """Counterpart of `seal`; FileRefused where it was changed, is something else or its key is missing."""
    from cryptography.exceptions import InvalidTag

    key_name, _colon, rest = sealed.partition(b":")
    key = dict(keyring()).get(key_name.decode(errors="replace"))
    if key is None:
        name = key_name.decode(errors="replace")[:40]
        raise FileRefused(_("The key “%(name)s” of this file is missing.") % {"name": name})
    try:
        return AESGCM(key).decrypt(rest[:12], rest[12:], about.encode())
    except (InvalidTag, ValueError):
        raise FileRefused(_("This file was damaged on the disk."))


def can_be_opened(attachment: Attachment) -> bool:
    """Whether its file is there, and the key that the file names."""
    file = settings.HOME / "files" / attachment.stored_as
    if not file.exists():
        return False
    with open(file, "rb") as sealed:
        return sealed.read(100).partition(b":")[0].decode(errors="replace") in dict(keyring())


def keep_picture(upload, *, name: str = "signature.png", by=None) -> Attachment:
    """Keep a picture, made anew as PNG without any of its hidden data."""
    picture = _opened(upload).convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return keep(_written(picture, "PNG"), name=name, media_type="image/png", by=by)


def keep_photograph(upload, *, name: str, by=None) -> Attachment:
    """Keep a photograph, made anew as JPEG without where and when it was taken, large enough to be read."""
    picture = _opened(upload).convert("RGB")
    picture.thumbnail((PHOTOGRAPH_SIDE, PHOTOGRAPH_SIDE))
    return keep(_written(picture, "JPEG", quality=88), name=name, media_type="image/jpeg", by=by)


def forget(attachment: Attachment) -> None:
    """Delete the file of an attachment once the removal of its row, which is the caller's, is kept."""
    file = settings.HOME / "files" / attachment.stored_as
    transaction.on_commit(lambda: file.unlink(missing_ok=True))


def _opened(upload):
    """The picture in an upload, turned upright; FileRefused where it is none, or more than may be unpacked."""
    from PIL import Image, ImageOps, UnidentifiedImageError
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)  # what phones make
    if upload.size > PICTURE_BYTES:
        raise FileRefused(_("This picture is too large. Ten megabytes are the most."))
    Image.MAX_IMAGE_PIXELS = 2 * PICTURE_PIXELS  # the library warns at this and refuses at twice as many
    try:
        opened = Image.open(io.BytesIO(upload.read()), formats=("PNG", "JPEG", "GIF", "WEBP", "HEIF"))
        if opened.width * opened.height > PICTURE_PIXELS:  # said by its head, before anything is unpacked
            raise FileRefused(_("This picture is too large. Forty million points are the most."))
        return ImageOps.exif_transpose(opened)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, RuntimeError):
        raise FileRefused(_("This is not a picture that can be read. PNG, JPEG and HEIC are."))


def _written(picture, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
