"""Backups: consistent, encrypted, checked before use.

A backup is a tar of a consistent copy of the database (SQLite's own online copy; SQL for PostgreSQL), the files
and the keys, encrypted by age with a passphrase or the installation's own backup key, with a manifest of SHA-256 sums
inside. A half-written file never carries the final name; restoring refuses a directory that is in use.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from kneadwork.common import backup_postgres

FORMAT = 2
#: Format 1 differs for PostgreSQL only; its copies there cannot be loaded.
READABLE = (1, 2)
KEPT = ("secret_key", "keyring")


class BackupRefused(Exception):
    """A backup that cannot be made, read or restored: one sentence for the user."""


def write(out: Path, home: Path, database: dict) -> dict:
    """Write an encrypted backup of the data directory; answers its manifest."""
    import pyrage

    key = backup_key(home)
    files = {"database": _database_copy(home, database)}
    for name in KEPT:
        if (home / name).exists():
            files[name] = (home / name).read_bytes()
    for file in sorted((home / "files").rglob("*")) if (home / "files").exists() else []:
        if file.is_file():
            files[f"files/{file.relative_to(home / 'files').as_posix()}"] = file.read_bytes()
    manifest = {
        "format": FORMAT, "engine": database["ENGINE"].rsplit(".", 1)[-1],
        "sums": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }  # fmt: skip
    sealed = pyrage.passphrase.encrypt(_tar(files, manifest), key)
    half = out.with_name(out.name + ".part")
    with open(half, "wb") as written:
        written.write(sealed)
        written.flush()
        os.fsync(written.fileno())
    half.replace(out)
    return manifest


def verify(file: Path, home: Path, key: str = "") -> dict[str, bytes]:
    """The parts of a backup, every sum checked; BackupRefused where anything is wrong. Touches no live data."""
    import pyrage

    try:
        opened = pyrage.passphrase.decrypt(file.read_bytes(), key or backup_key(home, make=False))
    except pyrage.DecryptError:
        raise BackupRefused("This backup is damaged, or it was made with another backup key.")
    try:
        parts = _untar(opened)
        manifest = json.loads(parts.pop("manifest.json"))
    except (tarfile.TarError, KeyError, ValueError):
        raise BackupRefused("This backup is damaged: its parts cannot be read.")
    if manifest.get("format") not in READABLE:
        raise BackupRefused("This backup was made by another Kneadwork. Use the version it was made with.")
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    if sums != manifest["sums"]:
        raise BackupRefused("This backup is damaged: what is inside is not what was written.")
    _check_database(parts["database"], manifest["engine"])
    return parts


def restore(file: Path, home: Path, database: dict, key: str = "") -> None:
    """Put a backup into an empty data directory and database, whole or not at all; refuses before it writes anything."""
    _refuse_used(home, database)
    parts = verify(file, home, key)
    copy = parts.pop("database")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=home) as beside:  # the same disk: moving is renaming
        for name, data in parts.items():
            target = (Path(beside) / name).resolve()
            if not target.is_relative_to(Path(beside).resolve()):
                raise BackupRefused("This backup names a file outside the data directory and was refused.")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.write_bytes(data)
            target.chmod(0o600)
        _restore_database(copy, database)
        for name in parts:
            (home / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (Path(beside) / name).replace(home / name)


def _refuse_used(home: Path, database: dict) -> None:
    """Keys and files of a practice that lives here would be lost, whichever database holds the rest of it."""
    kept_here = any((home / "files").rglob("*")) or (home / "keyring").exists()
    if kept_here or (database["ENGINE"].endswith("sqlite3") and Path(database["NAME"]).exists()):
        raise BackupRefused(
            f"There is a practice in {home} already. Restore into an empty directory (set KNEADWORK_HOME)."
        )
    if not database["ENGINE"].endswith("sqlite3"):
        backup_postgres.refuse_used(database)


def backup_key(home: Path, *, make: bool = True) -> str:
    """The key of this installation's backups, made once; to be written down by the owner."""
    given = os.environ.get("KNEADWORK_BACKUP_KEY")
    file = home / "backup_key"
    if given:
        return given
    if not file.exists():
        if not make:
            raise BackupRefused("This backup needs its key: set KNEADWORK_BACKUP_KEY to what was written down.")
        import secrets

        file.touch(mode=0o600)
        file.write_text("-".join(secrets.token_hex(3) for _ in range(6)))
    return file.read_text().strip()


def _database_copy(home: Path, database: dict) -> bytes:
    if not database["ENGINE"].endswith("sqlite3"):
        return backup_postgres.copy(database)
    copy = home / f"backup-{os.getpid()}.sqlite3"
    try:
        source, target = sqlite3.connect(database["NAME"]), sqlite3.connect(copy)
        with target:
            source.backup(target)
        source.close()
        target.close()
        return copy.read_bytes()
    finally:
        copy.unlink(missing_ok=True)


def _check_database(data: bytes, engine: str) -> None:
    if engine != "sqlite3":
        if not data.startswith(backup_postgres.BEGINS):
            raise BackupRefused("This backup holds no readable database.")
        return
    with tempfile.TemporaryDirectory(prefix="kneadwork-verify-") as folder:  # readable by its owner alone
        file = Path(folder) / "database"
        file.write_bytes(data)
        connection = sqlite3.connect(file)
        try:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as fault:
            raise BackupRefused("This backup holds no readable database.") from fault
        finally:
            connection.close()
    if answer != "ok":
        raise BackupRefused("The database in this backup is damaged.")


def _restore_database(data: bytes, database: dict) -> None:
    if database["ENGINE"].endswith("sqlite3"):
        target = Path(database["NAME"])
        half = target.with_name(target.name + ".part")
        with open(half, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.chmod(0o600)
        half.replace(target)
    else:
        backup_postgres.load(data, database)


def _tar(files: dict[str, bytes], manifest: dict) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _untar(data: bytes) -> dict[str, bytes]:
    parts = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for entry in archive:
            if entry.isfile():
                parts[entry.name] = archive.extractfile(entry).read()  # type: ignore[union-attr]
    return parts
