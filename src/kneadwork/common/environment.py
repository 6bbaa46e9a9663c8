"""The settings that come from outside: environment variables, each with its words for `kneadwork doctor`."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from kneadwork.common import busy

VARIABLES = {
    "KNEADWORK_HOME": "the directory that holds all data",
    "DATABASE_URL": "a PostgreSQL database instead of the embedded one (postgresql://…)",
    "KNEADWORK_PUBLIC_URL": "the public address that Kneadwork is served on (https://…)",
    "KNEADWORK_REGISTRY_URL": "the address of the provider registry's API",
    "KNEADWORK_OVERPASS_URL": "the address of the service that answers what is around (OpenStreetMap's Overpass API)",
    "KNEADWORK_TILES_URL": "where the map's pictures of streets come from (https://tiles.example/{z}/{x}/{y}.png)",
    "KNEADWORK_TILES_CREDIT": "whom the map credits for them (else OpenStreetMap)",
    "KNEADWORK_CALENDAR_SERVER": "the address of a calendar server of your own, which may lie in your own network",
    "KNEADWORK_SECRET_KEY": "the key that signs sessions (else a file in the data directory)",
    "KNEADWORK_HOSTS": "further host names that Kneadwork answers to, separated by commas",
    "KNEADWORK_PORT": "the port in the addresses that commands print",
    "KNEADWORK_BACKUP_KEY": "the key that backups are made and opened with (else a file in the data directory)",
    "KNEADWORK_MAIL_URL": "the mail server, smtp://user:password@host:587",
    "KNEADWORK_MAIL_FROM": "the address that Kneadwork's own mail comes from",
    "KNEADWORK_CADDY_INTERNAL": "1: Caddy vouches for itself (private networks, tests)",
    "KNEADWORK_SECURITY_CONTACT": "whom to tell of a fault, an e-mail or an address (else the practice's own e-mail)",
    "KNEADWORK_FAST_PASSWORDS": "tests only: a quick password hash",
    "KNEADWORK_DEMO": "set by kneadwork demo for the process that it starts",
}
REGISTRY = "https://npiregistry.cms.hhs.gov/api/"
OVERPASS = "https://overpass-api.de/api/interpreter"


def user_data_directory() -> Path:
    """The platform's place for a program's data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "Kneadwork"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Kneadwork"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "kneadwork"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the variables say, read once at the start."""

    home: Path
    database_url: str
    public_url: str
    registry_url: str
    overpass_url: str
    tiles_url: str
    tiles_credit: str
    calendar_server: str
    mail_url: str
    mail_from: str
    security_contact: str

    def secret_key(self) -> str:
        """The key of this installation: given, or made at the first start and kept readable by its owner only."""
        given = os.environ.get("KNEADWORK_SECRET_KEY")
        if given:
            return given
        file = self.home / "secret_key"
        if not file.exists():
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = file.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            try:
                os.link(fresh, file)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return file.read_text().strip()

    def hosts(self) -> list[str]:
        """Names that Kneadwork answers to: this machine, the public one, and those given."""
        named = [h for h in os.environ.get("KNEADWORK_HOSTS", "").split(",") if h]
        public = [urlsplit(self.public_url).hostname or ""] if self.public_url else []
        return ["localhost", "127.0.0.1", "[::1]", *public, *named]

    def database(self) -> dict:
        """Django's description of the database: SQLite in the data directory, or PostgreSQL by DATABASE_URL."""
        if not self.database_url:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": self.home / "kneadwork.sqlite3",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": busy.PATIENCE,
                    "init_command": (
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                        "PRAGMA mmap_size=0; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY"
                    ),
                },
                "CONN_MAX_AGE": None,
            }
        url = urlsplit(self.database_url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or dict(parse_qsl(url.query)).get("host", "")),
            "PORT": str(url.port or dict(parse_qsl(url.query)).get("port", "")),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
            "DISABLE_SERVER_SIDE_CURSORS": True,
        }

    def password_hashers(self) -> list[str]:
        """Argon2id; older hashes are understood and renewed at sign-in."""
        if os.environ.get("KNEADWORK_FAST_PASSWORDS"):
            return ["django.contrib.auth.hashers.MD5PasswordHasher"]
        return [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ]

    @property
    def mail_host(self) -> str:
        """The mail server's name, empty where none is set."""
        return urlsplit(self.mail_url).hostname or ""

    @property
    def mail_port(self) -> int:
        """The mail server's port."""
        return urlsplit(self.mail_url).port or 587

    @property
    def mail_user(self) -> str:
        """Who signs in at the mail server."""
        return unquote(urlsplit(self.mail_url).username or "")

    @property
    def mail_password(self) -> str:
        """With which password."""
        return unquote(urlsplit(self.mail_url).password or "")

    def mail_backend(self) -> str:
        """SMTP where a server is set; else mail is not sent, and pages say so."""
        kind = "smtp" if self.mail_url else "dummy"
        return f"django.core.mail.backends.{kind}.EmailBackend"


def read() -> Environment:
    """The environment as it is now."""
    env = os.environ
    home = Path(env["KNEADWORK_HOME"]).expanduser() if env.get("KNEADWORK_HOME") else user_data_directory()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Environment(
        home=home,
        database_url=env.get("DATABASE_URL", ""),
        public_url=env.get("KNEADWORK_PUBLIC_URL", "").rstrip("/"),
        registry_url=env.get("KNEADWORK_REGISTRY_URL", REGISTRY),
        overpass_url=env.get("KNEADWORK_OVERPASS_URL", OVERPASS),
        tiles_url=env.get("KNEADWORK_TILES_URL", "").strip(),
        tiles_credit=env.get("KNEADWORK_TILES_CREDIT", "").strip(),
        calendar_server=env.get("KNEADWORK_CALENDAR_SERVER", "").strip(),
        mail_url=env.get("KNEADWORK_MAIL_URL", ""),
        mail_from=env.get("KNEADWORK_MAIL_FROM", "kneadwork@localhost"),
        security_contact=env.get("KNEADWORK_SECURITY_CONTACT", "").strip(),
    )
