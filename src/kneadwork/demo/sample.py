"""The sample practice: made-up people with a history, plainly marked, and real registry rows as `found` only.

The registry rows keep their names, professions and places (public records); their telephones become 555-01xx numbers, and
nobody real gets a touch, a note or a verdict.
"""

from __future__ import annotations

import csv
import tempfile
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from kneadwork.common.tenancy import acting_in
from kneadwork.demo import gathered
from kneadwork.exchange import importing
from kneadwork.network import checklists, connections, giving, insights, resting, touching, vetting
from kneadwork.practice import people, setting_up, starting_texts
from kneadwork.practice.models import Member
from kneadwork.practice.setting_up import today
from kneadwork.referrals import referring

BY = "sample data"
#: Further away nobody sends anybody; the file holds rows of the whole country.
WITHIN_MILES = 40
#: name, stream, profession, organisation, ZIP, and what happened: (days ago, what, words)
PEOPLE = [
    ("Amara Lindqvist, DC", "medical", "chiropractor", "Meadow Spine", "19107", [
        (40, "letter", "Asked about her work with runners"), (5, "they email", "Do you work with whiplash in the first weeks?"),
        (30, "insight", "Sees recreational runners and people after collisions"), (5, "insight", "Values short plans and exercises at home")]),
    ("Kofi Adeyemi, DPT", "medical", "physical_therapist", "Harbor Motion", "19103", [
        (200, "visit", "Saw the rooms, talked for half an hour"), (190, "insight", "Sends people home with written exercises"),
        (190, "insight", "Wishes for somebody patient with long-standing necks"), (150, "verdict", "Visited twice; I would send my mother"),
        (120, "gift", "Sent him an article on scar tissue"), (60, "referral", "June P."), (20, "referral", "Marcus T.")]),
    ("Needle and Reed Acupuncture", "medical", "acupuncturist", "Needle and Reed Acupuncture", "19147", [
        (90, "meeting", "Tea together"), (88, "insight", "Looks after people who sleep badly"), (12, "promise", "Send her the article on sleep")]),
    ("Ines Falk", "personal", "", "", "19146", [(70, "meeting", "Coffee at the library"), (70, "insight", "Runs the Sunday market")]),
    ("Tobias Renner", "personal", "", "", "19130", []),
    ("Greta Holm", "business", "realtor", "Holm Homes", "19106", [(33, "letter", "Asked what her buyers need in the first week")]),
    ("Bell Street Gym", "business", "gym", "Bell Street Gym", "19147", []),
    ("Paper Crane Yoga", "business", "yoga_studio", "Paper Crane Yoga", "19148", [
        (15, "visit", "Took a class; kind to beginners"), (15, "insight", "Keeps classes small, and sends nobody home in pain"),
        (14, "verdict", "I took a class and would take my mother")]),
    ("June Pardo", "clients", "", "", "19103", [(30, "call", "Asked how her shoulder was after the move")]),
    ("Dr. Walter Imhof, MD", "medical", "general_physician", "Imhof Family Care", "19102", [(10, "rest", "On leave until spring")]),
]  # fmt: skip


def build() -> Member:
    """Make the sample practice; answers its owner."""
    details = {"line1": "12 Sample Street", "city": "Philadelphia", "region": "PA", "postal": "19107",
               "time_zone": "America/New_York", "phone": "(215) 555-0100", "email": "hello@sample.example"}  # fmt: skip
    owner = people.found("Quiet Hands (sample)", owner_email="owner@sample.example", owner_name="Robin Hale", by_name=BY,
                         sample=True, **details)  # fmt: skip
    practice = owner.practice
    with acting_in(practice.pk):
        told = {**starting_texts.missing(practice), "postal": "19107",
                "directions": "Call (215) 555-0100 or write to hello@sample.example; say who sent you."}  # fmt: skip
        for step in setting_up.STEPS:
            setting_up.change(practice, told if step == "place" else {}, by=owner, step=step)
        setting_up.change_therapist(owner, {"credential": "LMT"}, by=owner)
        for number, person in enumerate(PEOPLE):
            _make(owner, number, *person)
        gathered.make(owner, by_name=BY)
    _found(practice)
    return owner


def _make(owner: Member, number: int, name, stream, profession, organisation, postal, history) -> None:
    kind = "organisation" if name == organisation else "person"
    slug = "".join(c for c in name.split(",")[0].casefold() if c.isalpha() or c == " ").strip().replace(" ", ".")
    made = connections.add(
        name, stream=stream, profession=profession, organisation=organisation, kind=kind, by_name=BY, sample=True,
        phones=[f"(215) 555-01{number + 10}"], emails=[f"{slug}@people.example"],
        address={"line1": f"{number + 3} Sample Street", "city": "Philadelphia", "region": "PA", "postal": postal},
    )  # fmt: skip
    day = today(owner.practice)
    for days, what, words in history:
        _happened(made, what, words, day - timedelta(days=days), day)


def _happened(made, what: str, words: str, on, day) -> None:
    if what == "insight":
        insights.learn(made, words, on=on, by_name=BY)
    elif what == "verdict":
        seen = {check.key: "yes" for check in checklists.required(made.stream)}
        vetting.decide(made, "yes", reason=words, checks=seen, on=on, by_name=BY)
    elif what == "gift":
        giving.give(made, "information", on=on, words=words, by_name=BY)
    elif what == "promise":
        giving.promise(made, words, due_on=day + timedelta(days=2), by_name=BY)
    elif what == "referral":
        referring.record(made, words, on=on, today=day, by_name=BY)
    elif what == "rest":
        resting.rest(made, since=on, until=day + timedelta(days=90), reason=words, by_name=BY)
    else:
        touching.log(
            made, what.split()[-1], on=on, today=day, from_them=what.startswith("they"), words=words, by_name=BY
        )


def _found(practice) -> None:
    """The registry's rows, with their telephones replaced, through the one way in."""
    rows = list(csv.reader(files("kneadwork.demo").joinpath("data/registry_rows.csv").read_text("utf-8").splitlines()))
    phones = [i for i, title in enumerate(rows[0]) if "Telephone Number" in title or "Fax Number" in title]
    for number, row in enumerate(rows[1:]):
        for i in phones:
            row[i] = f"21555501{number % 100:02d}" if row[i] else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "provider registry (sample).csv"
        with open(path, "w", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
        importing.import_file(path, practice=practice, within_miles=WITHIN_MILES, by_name=BY)
