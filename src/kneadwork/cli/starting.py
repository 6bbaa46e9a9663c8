"""`kneadwork start`: web server and worker for this data directory, and the browser opened on it."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Callable
from pathlib import Path

from kneadwork.cli import values
from kneadwork.cli.program import CommandFailed, say

PORT = 8765


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--port", type=values.number(0, 65_535), default=0, help=f"the port (else {PORT}, or the next free one)"
    )
    parser.add_argument("--public", metavar="NAME", default="", help="serve HTTPS on this name through Caddy")
    parser.add_argument("--no-browser", action="store_true")


def run(args: argparse.Namespace) -> None:
    """Serve until stopped."""
    from django.conf import settings

    from kneadwork.practice import first_start, signing_in
    from kneadwork.practice.models import Practice, User

    first = not Practice.objects.exists()
    page = "/welcome" if first else "/"
    if first and (args.public or settings.PUBLIC_URL):
        page += f"/{first_start.key()}"
    alone = User.objects.filter(is_active=True)
    if not first and alone.count() == 1 and not alone.get().has_usable_password():
        page = f"/sign-in/{signing_in.sign_in_address(alone.get())}"
    serve(args, page)


def address() -> str:
    """The address under which pages are reached: the public one, else where Kneadwork is open on this machine."""
    from django.conf import settings

    from kneadwork.cli import only_one

    usual = f"http://localhost:{os.environ.get('KNEADWORK_PORT', PORT)}"
    return settings.PUBLIC_URL or only_one.open_at(settings.HOME) or usual


def serve(args: argparse.Namespace, page: str) -> None:
    """Run worker, web server and, with a public name, Caddy; open the page; stop all together.

    Only one start serves a data directory: a second one opens the browser at the first.
    """
    from django.conf import settings

    from kneadwork.cli import only_one

    try:
        with only_one.only_start(settings.HOME) as tell:
            _serve(args, page, tell)
    except only_one.Taken as taken:
        if not taken.address:
            raise CommandFailed("Kneadwork is being started on this data directory already. Wait a moment.")
        if args.no_browser:
            raise CommandFailed(f"Kneadwork is open already at {taken.address}{page}. Use that one, or stop it first.")
        say(f"Kneadwork is open already at {taken.address}{page}")
        webbrowser.open(f"{taken.address}{page}")


def _serve(args: argparse.Namespace, page: str, tell: Callable[[str], None]) -> None:
    from django.conf import settings

    port = args.port or free_port(PORT)
    public = args.public or settings.PUBLIC_URL
    environment = child_environment(port, public)
    processes = [
        subprocess.Popen([sys.executable, "-m", "kneadwork", "worker", "--alone"], env=environment),
        subprocess.Popen(server_command(port), env=environment),
    ]
    if public:
        processes.append(caddy(port, environment["KNEADWORK_PUBLIC_URL"], settings.HOME))
    signal.signal(signal.SIGTERM, _stop)
    try:
        wait_until_ready(port, processes)
        where = environment.get("KNEADWORK_PUBLIC_URL") or f"http://localhost:{port}"
        tell(where)
        say(f"Kneadwork is open at {where}{page}\nLeave this window open; press Ctrl-C to stop.")
        if not args.no_browser:
            webbrowser.open(f"{where}{page}")
        while all(p.poll() is None for p in processes):
            time.sleep(0.5)
        raise CommandFailed("A part of Kneadwork stopped unexpectedly; the lines above say why.")
    except KeyboardInterrupt:
        say("Stopped. Everything is kept.")
    finally:
        for process in reversed(processes):
            stop(process)


def _stop(*_args) -> None:
    raise KeyboardInterrupt


def child_environment(port: int, public: str) -> dict[str, str]:
    """The environment of the server and the worker."""
    from django.conf import settings

    environment = dict(os.environ) | {"KNEADWORK_PORT": str(port), "KNEADWORK_HOME": str(settings.HOME)}
    source = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(p for p in (source, os.environ.get("PYTHONPATH", "")) if p)
    if public:
        environment["KNEADWORK_PUBLIC_URL"] = public if "://" in public else f"https://{public}"
    return environment


def server_command(port: int) -> list[str]:
    """The web server, on this machine only."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "8", "--backpressure", "64", "--no-ws", "--log-level", "error",
        "kneadwork.wsgi:application",
    ]  # fmt: skip


def free_port(first: int) -> int:
    """The first free port of this machine from here on."""
    for port in range(first, first + 50):
        with contextlib.closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise CommandFailed("No free port was found. Choose one with --port.")


def wait_until_ready(port: int, processes: list[subprocess.Popen], seconds: float = 60) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(p.poll() is not None for p in processes):
            raise CommandFailed("A part of Kneadwork did not start; the lines above say why.")
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        time.sleep(0.15)
    raise CommandFailed("The web server did not answer within a minute.")


def caddy(port: int, public_url: str, home: Path) -> subprocess.Popen:
    """Caddy in front, with HTTPS by itself."""
    program = shutil.which("caddy")
    if program is None:
        raise CommandFailed("HTTPS needs Caddy: install the package “caddy”, then start again.")
    from kneadwork.cli.publishing import caddyfile

    file = home / "Caddyfile"
    file.write_text(caddyfile(public_url, port, home))
    return subprocess.Popen([program, "run", "--config", str(file), "--adapter", "caddyfile"])


def stop(process: subprocess.Popen) -> None:
    """End one process: asked first, then made to."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
