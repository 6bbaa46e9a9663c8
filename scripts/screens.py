"""Pictures of every page of the demo practice, at 390 and 1280 px, light and dark, with an index to look through."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "screens"
PAGES = {
    "today": "/",
    "network": "/network",
    "add": "/network/add",
    "import": "/network/import",
    "letters": "/network/letters",
    "referrals": "/referrals",
    "practice": "/practice",
    "setup": "/practice/setup/place",
    "philosophy": "/practice/setup/philosophy",
    "find": "/practice/setup/find",
    "people": "/practice/people",
    "history": "/practice/history",
    "removed": "/network/removed",
    "week": "/week",
    "doubles": "/network/doubles",
    "setup-therapist": "/practice/setup/therapist",
    "setup-law": "/practice/setup/law",
    "setup-time": "/practice/setup/time",
    "setup-directions": "/practice/setup/directions",
    "second-factor": "/account/2fa/",
    "password": "/account/password/change/",
    "you": "/practice/you",
    "keys": "/practice/keys",
    "events": "/events",
    "event-new": "/events/new",
    "cards": "/cards",
    "cards-let-go": "/cards/let-go",
    "gather": "/gather/",
    "map": "/network/map",
    "walks": "/network/walks",
    "offers": "/network/offers",
    "playbooks": "/practice/playbooks",
    "playbook": "/practice/playbooks/medical",
    "checklists": "/practice/checklists",
    "checklist": "/practice/checklists/medical",
    "not-found": "/nowhere",
}
CARDS = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:(215) 555-01{n}\nEND:VCARD\n"
                for n, name in ((50, "Noor Sample, DC"), (51, "Ivo Sample"), (10, "Amara Lindqvist, DC")))  # fmt: skip
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip


def main() -> None:
    """Start the demo, sign in, photograph, stop."""
    home = tempfile.mkdtemp(prefix="kneadwork-screens-")
    environment = dict(os.environ) | {"KNEADWORK_HOME": home, "KNEADWORK_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "kneadwork", "demo", "--no-browser", "--port", "8799"]
    demo = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        address = next(m[1] for line in demo.stderr if (m := re.search(r"open at (\S+)", line)))
        photograph(address)
    finally:
        demo.terminate()
        demo.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


def photograph(address: str) -> None:
    """Every page in every dress."""
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    base = address.split("/sign-in/")[0]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        first = browser.new_context()
        page = first.new_page()
        page.goto(address)
        page.get_by_role("button", name="Sign in").click()
        cookies = first.cookies()
        made, found = [], {}
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
                context.add_cookies(cookies)
                page = context.new_page()
                found = found or more_of(page, base)
                for name, path in [*PAGES.items(), *found.items()]:
                    page.goto(base + path)
                    file = f"{name}-{width}-{scheme}.png"
                    page.screenshot(path=OUT / file, full_page=True)
                    made.append(file)
        browser.close()
    index = "".join(f'<figure><img src="{f}" width="320"><figcaption>{f}</figcaption></figure>' for f in sorted(made))
    (OUT / "index.html").write_text(
        f"<!doctype html><title>Screens</title><style>figure{{display:inline-block;vertical-align:top}}</style>{index}"
    )


def more_of(page, base: str) -> dict[str, str]:
    """Pages whose address is found by going there: a connection, what belongs to it, a preview, letters that are made."""
    page.goto(base + "/network")
    person = page.locator("#people a").first.get_attribute("href")
    page.goto(base + "/events")
    event = page.locator("main .list a").last.get_attribute("href")
    card_that_was_read(page, base)
    page.goto(base + "/network/walks")
    walk = page.locator("main .list a").first.get_attribute("href")
    page.goto(base + "/")
    step = page.locator("a[href*='/do']").first.get_attribute("href")
    page.goto(base + "/network/import")
    page.set_input_files("input[type=file]", {"name": "cards.vcf", "mimeType": "text/vcard", "buffer": CARDS.encode()})
    page.get_by_role("button", name="Look inside").click()
    page.wait_for_url(re.compile("/network/import/"))
    page.get_by_role("button", name="Keep them").wait_for()
    preview = page.url.removeprefix(base)
    page.goto(base + "/network/letters")
    page.get_by_role("button", name="Make the letters").click()
    page.wait_for_url("**/posted")
    return {"connection": person, "edit": f"{person}/edit", "like": f"{person}/like", "step": step, "preview": preview,
            "event": event, "walk": walk, "vetting": f"{person}/vetting", "introduce": f"{person}/introduce",
            "letters-done": page.url.removeprefix(base)}  # fmt: skip


def card_that_was_read(page, base: str) -> None:
    """Wait until the worker has read the card that waits first."""
    for _turn in range(80):
        page.goto(base + "/cards")
        if page.locator("input[name=name]").first.input_value():
            return
        page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
