"""A real browser on the live server: the system's Chromium, any width, dark or light, with script or without."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Findings of axe that fail a test.
GRAVE = {"serious", "critical"}


class Faults(list):
    """What a page complained of: script errors, refused content, answers of the server that are faults."""

    def listen(self, page) -> None:
        """Collect from this page from now on."""
        page.on("pageerror", lambda error: self.append(f"script: {error}"))
        page.on("console", lambda line: self.append(f"console: {line.text}") if line.type == "error" else None)
        page.on("response", lambda a: self.append(f"{a.status}: {a.url}") if a.status >= 500 else None)


def axe(page, *rules: str) -> None:
    """No serious or critical finding of axe on this page; rules: those looked at, else all.

    axe comes in through the debugging protocol, to which the page's content security policy does not apply.
    """
    from axe_playwright_python.sync_playwright import Axe

    assert not page.evaluate("matchMedia('(scripting: none)').matches"), "axe would wait for ever without script"
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = Axe().run(page, options=options).response["violations"]
    grave = [
        f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found if v["impact"] in GRAVE
    ]
    assert grave == [], f"{page.url}\n" + "\n".join(grave)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """The browser itself, once for a run; where none is installed the run fails."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert program, "Chromium is missing: install the package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def no_faults() -> Iterator[Faults]:
    """Fails the test at its end if any page complained: script, content security policy, server."""
    faults = Faults()
    yield faults
    assert list(faults) == []


@pytest.fixture
def page_at(chromium, live_server, no_faults) -> Iterator[Callable]:
    """`page_at(width, dark=False, javascript=True, member=None)`: a page of its own on the live server.

    With a member it is signed in as that member. Addresses may be given without the server's name.
    """
    opened = []

    def open_page(width: int = 390, *, dark: bool = False, javascript: bool = True, member=None):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        opened.append(context)
        context.set_default_timeout(30_000)  # a busy machine is no fault of a page
        if member is not None:
            context.add_cookies([signed_in(member, live_server.url)])
        page = context.new_page()
        no_faults.listen(page)
        return page

    yield open_page
    for context in opened:
        context.close()


def do_waiting_jobs() -> None:
    """What the worker of `kneadwork start` does, until nothing waits."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="test", excluded_queue_names=[],
    ).run()  # fmt: skip


def signed_in(member, url: str) -> dict[str, str]:
    """The cookie of a browser in which this member has signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }
