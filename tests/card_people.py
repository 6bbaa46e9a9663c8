"""Made-up people for business cards: their words shuffled from `tests/data/cards.yaml`, 555-01 telephones, `.example` addresses."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

JAPANESE_EVERY = 5
ACCENTED_EVERY = 5


@dataclass(frozen=True)
class Person:
    """What a card says, and so what must be read from it. phones: pairs of kind and number as printed."""

    name: str
    organisation: str
    title: str
    email: str
    web: str
    address: tuple[str, ...]
    phones: tuple[tuple[str, str], ...]
    credentials: str = ""
    roman: str = ""
    japanese: bool = False
    number: int = 0

    @property
    def full_name(self) -> str:
        """The name with its credentials, as a card prints it."""
        return ", ".join(filter(None, (self.name, self.credentials)))


def people(number: int, seed: int = 20) -> list[Person]:
    """So many different people, the same for the same seed: every fifth Japanese, every fifth with accents."""
    rnd = random.Random(seed)
    return [_person(rnd, n) for n in range(number)]


@lru_cache(maxsize=1)
def words() -> dict:
    """The shuffled words."""
    return yaml.safe_load((Path(__file__).parent / "data" / "cards.yaml").read_text("utf-8"))


def _person(rnd: random.Random, n: int) -> Person:
    if n % JAPANESE_EVERY == JAPANESE_EVERY - 1:
        return _japanese(rnd, n)
    lists = words()
    title, credentials = rnd.choice(lists["work"])
    name = f"{rnd.choice(lists['given'])} {rnd.choice(lists['family'])}"
    if n % ACCENTED_EVERY == 2:
        name = lists["accented"][n // ACCENTED_EVERY % len(lists["accented"])]
    place, kind = rnd.choice(lists["places"]), rnd.choice(lists["kinds"])
    domain = f"{plain(place)}{plain(kind.split()[0])}.example"
    area = rnd.choice(["206", "503", "937", "312", "813", "208"])
    return Person(
        name=name, credentials=credentials, title=title, organisation=f"{place} {kind}", email=f"{_local(rnd, name)}@{domain}",
        web=f"www.{domain}", address=(f"{rnd.randint(1, 9900)} {rnd.choice(lists['streets'])}", rnd.choice(lists["cities"])),
        phones=_phones(rnd, area), number=n,
    )  # fmt: skip


def _phones(rnd: random.Random, area: str) -> tuple[tuple[str, str], ...]:
    form = rnd.choice(["({}) 555-{}", "{}-555-{}", "{}.555.{}", "+1 {} 555 {}"])
    kinds = rnd.choice([["work"], ["work", "mobile"], ["work", "fax"], ["work", "mobile", "fax"], ["mobile"]])
    lines = rnd.sample(range(100, 200), len(kinds))
    return tuple((kind, form.format(area, f"0{line}")) for kind, line in zip(kinds, lines, strict=True))


def _local(rnd: random.Random, name: str) -> str:
    given, *_middle, family = name.split()
    first, last = plain(given), plain(family)
    return rnd.choice([f"{first}.{last}", f"{first[0]}{last}", first, f"{first}_{last}", "info", f"{first}{last[0]}"])


def plain(text: str) -> str:
    """Small letters of the alphabet alone, as in an address."""
    text = text.replace("ß", "ss").replace("ł", "l").replace("Ł", "l").replace("ø", "o").replace("Ø", "o")
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if c.isascii() and c.isalnum())


def _japanese(rnd: random.Random, n: int) -> Person:
    name, roman, organisation, title = words()["japanese"][n // JAPANESE_EVERY % len(words()["japanese"])]
    family, given = roman.lower().split()
    domain = f"{rnd.choice(['midori', 'sakura', 'kitamachi', 'aozora', 'minato'])}-{family}.example"
    kinds = rnd.choice([["work"], ["work", "fax"], ["work", "mobile"], ["work", "fax", "mobile"]])
    lines = rnd.sample(range(100, 200), len(kinds))
    begins = {"work": "03-5550-", "fax": "03-5550-", "mobile": "090-5550-"}
    return Person(
        name=name, organisation=organisation, title=title, email=f"{given}@{domain}", web=f"https://{domain}/",
        address=(rnd.choice(words()["tokyo"]),), roman=roman, japanese=True, number=n,
        phones=tuple((kind, f"{begins[kind]}0{line}") for kind, line in zip(kinds, lines, strict=True)),
    )  # fmt: skip


def misses(who: Person, found: dict) -> list[str]:
    """Which of name, phone and e-mail were not read exactly, of the answer of `kneadwork scan`; Japanese names without the space."""
    wrong = []
    if found["name"].replace(" ", "") != who.name.replace(" ", "") or (not who.japanese and found["name"] != who.name):
        wrong.append("name")
    if {_digits(number) for number in found["phones"]} != {_digits(number) for _kind, number in who.phones}:
        wrong.append("phone")
    if found["emails"] != [who.email]:
        wrong.append("email")
    return wrong


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal())[-10:]
