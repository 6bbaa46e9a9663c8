"""What the sample practice has of meeting people: events, cards in every state, an introduction, a walk; all made up.

The pictures of the cards are drawn with the font that Pillow carries, and read by the worker like any other.
"""

from __future__ import annotations

import io
from datetime import date, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kneadwork.common import acts
from kneadwork.exchange import reading_cards
from kneadwork.network import cards, connections, dropping_in, events, introducing, planned, vetting
from kneadwork.network.models import Card, Connection
from kneadwork.planning import walks
from kneadwork.practice.models import Member
from kneadwork.practice.setting_up import today

#: How far north and east of the practice somebody is, in thousandths of a degree, and when they are open.
PLACES = {
    "Amara Lindqvist, DC": (3.1, -2.4, "Mo-Fr 08:30-18:00"), "Kofi Adeyemi, DPT": (-1.8, -6.9, "Mo-Fr 08:00-17:00"),
    "Needle and Reed Acupuncture": (-5.2, 1.3, "Tu-Sa 10:00-19:00"), "Greta Holm": (1.2, 5.8, ""),
    "Bell Street Gym": (-4.1, -3.7, "Mo-Su 06:00-22:00"), "Paper Crane Yoga": (-7.4, 2.9, "Mo-Su 07:00-20:00"),
    "Ines Falk": (2.2, -5.1, ""), "Dr. Walter Imhof, MD": (0.7, -3.3, "Mo-Th 08:00-16:00"),
    "Lantern House Hotel": (0.9, 1.7, "24/7"), "Corner Loaf Bakery": (-1.1, 2.2, "Tu-Su 06:30-14:00"),
    "Weaver & Sons Cleaners": (1.6, -1.2, "Mo-Fr 07:00-18:30"),
}  # fmt: skip
BUSINESSES = (("Lantern House Hotel", "hotel"), ("Corner Loaf Bakery", ""), ("Weaver & Sons Cleaners", ""))
#: The lines of each card, the few words noted with it, and what was decided.
CARDS = (
    (("Nadia Brandt, PT, DPT", "Brandt Physical Therapy", "Tel (215) 555-0161", "nadia@brandt-pt.example",
      "40 Sample Street, Philadelphia, PA 19106"), "Asked good questions about necks. Runs on Sundays.", ""),
    (("Owen Achterberg", "Realtor", "Achterberg Homes", "Cell (215) 555-0162", "owen@achterberg.example"),
     "His buyers arrive worn out from moving.", ""),
    (("Lucia Ferrer, LAc", "Quiet Needle Acupuncture", "Tel (215) 555-0163", "lucia@quiet-needle.example"),
     "Would like to see how we work.", "later"),
    (("Tess Morrow", "Morrow & Lane Insurance", "Tel (215) 555-0164", "tess@morrow-lane.example"), "Wanted to sell, not to talk.", "let go"),
)  # fmt: skip


def make(owner: Member, *, by_name: str) -> None:
    """Events, cards, an introduction, hours, a planned step, a red flag and a walk; call in the practice's scope."""
    day, known = today(owner.practice), _placed(owner, by_name)
    _events(owner, known, day)
    amara, kofi = known["Amara Lindqvist, DC"], known["Kofi Adeyemi, DPT"]
    crane, gym = known["Paper Crane Yoga"], known["Bell Street Gym"]
    for weekday in (1, 3):
        dropping_in.keep(amara, weekday, begins=time(12), ends=time(13, 30), ask_for="Dana at the desk", by=owner)
    meant = introducing.begin(
        kofi, crane, on=day - timedelta(days=3), words="Both teach people to move after an injury.", by=owner
    )
    introducing.note(meant.sides.get(connection=kofi), "agreed", on=day - timedelta(days=1), by=owner)
    introducing.met_through(kofi, known["Ines Falk"], by=owner)
    vetting.raise_flag(gym, "Sells forty sessions on the first visit.", on=day - timedelta(days=8), by=owner)
    planned.plan(
        known["Greta Holm"], "meeting", on=day + timedelta(days=2), today=day, at=time(10, 30), place="Corner Loaf Bakery",
        purpose="hear what her buyers need in the first week", by=owner,
    )  # fmt: skip
    _walk(owner)


def _placed(owner: Member, by_name: str) -> dict[str, Connection]:
    """Everybody of the sample by name, each where they are, with hours; and a few more businesses around."""
    for name, profession in BUSINESSES:
        connections.add(
            name, stream="business", profession=profession, kind="organisation", sample=True, by_name=by_name
        )
    known = {c.name: c for c in Connection.objects.filter(sample=True)}
    north, east = owner.practice.place
    with acts.act("edit", by=owner):
        for name, (up, right, _hours) in PLACES.items():
            here = known[name]
            here.latitude, here.longitude, here.place_rough = north + up / 1000, east + right / 1000, False
            here.save()
    for name, (_up, _right, hours) in PLACES.items():
        if hours:
            connections.set_hours(known[name], hours, by=owner)
    return known


def _events(owner: Member, known: dict[str, Connection], day: date) -> None:
    breakfast = events.make(
        "Neighborhood business breakfast", on=day - timedelta(days=6), kind="networking", begins=time(7, 30), ends=time(9),
        place="Sample Library, 2nd floor", purpose="Hear who works around the corner", by=owner,
    )  # fmt: skip
    events.make(
        "Evening on running injuries", on=day + timedelta(days=5), kind="lecture", begins=time(18), ends=time(19, 30),
        place="Harbor Motion", purpose="Learn how they speak with runners", hoped="Somebody who treats feet",
        hoped_for=[known["Amara Lindqvist, DC"], known["Kofi Adeyemi, DPT"]], by=owner,
    )  # fmt: skip
    for number, (lines, words, decided) in enumerate(CARDS):
        picture = SimpleUploadedFile("front.png", drawn(lines), content_type="image/png")
        at = timezone.now() - timedelta(days=6) + timedelta(minutes=7 * number)
        card = cards.collect(front=picture, words=words, event=breakfast, captured_at=at, by=owner)
        reading_cards.ask(card, by=owner)
        _decide(card, decided, day, owner)


def _decide(card: Card, decided: str, day: date, owner: Member) -> None:
    if decided == "let go":
        cards.let_go(card, on=day - timedelta(days=5), by=owner)
    elif decided:
        cards.later(card, on=day - timedelta(days=5), by=owner)


def drawn(lines: tuple[str, ...]) -> bytes:
    """A business card with these lines, as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (1050, 600), "#fbf7ee")
    draw, down = ImageDraw.Draw(picture), 90
    draw.rectangle((0, 0, 26, 600), fill="#3f6b57")
    for number, line in enumerate(lines):
        size = 60 if number == 0 else 40
        draw.text((90, down), line, fill="#22282b", font=ImageFont.load_default(size))
        down += 130 if number == 0 else 72
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _walk(owner: Member) -> None:
    """A walk on the next working morning."""
    start = walks.next_start(timezone.localtime().replace(tzinfo=None, hour=20, minute=0))
    found = walks.plan(owner.practice, minutes=90, start=start)
    walks.keep(found, owner.practice, minutes=90, query="", by=owner)
