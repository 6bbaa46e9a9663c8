"""Offers to businesses: the shipped ones and the practice's own, which suits whom, and a leaflet of one page for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from kneadwork.common import acts
from kneadwork.common.ids import new_id, show
from kneadwork.facts.professions import all_professions
from kneadwork.guard.disclosure import PUBLIC, Disclosure, may_disclose
from kneadwork.outreach import delivery, glyphs
from kneadwork.outreach.models import Offer
from kneadwork.outreach.typesetting import CannotBeSet, LeafletSheet
from kneadwork.practice.models import Member, Practice

#: So long a name and a text fit on one page.
LONGEST_NAME, LONGEST = 80, 1500


class OfferRefused(Exception):
    """An offer, or its leaflet, that cannot be; in words for the user."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer as it stands: its words, whom it suits, whether the practice wrote it itself, whether it is put away."""

    key: str
    name: str
    words: str
    professions: tuple[str, ...]
    own: bool = False
    changed: bool = False
    away: bool = False


@lru_cache(maxsize=1)
def shipped() -> dict[str, Offered]:
    """The offers that come with Kneadwork, by key."""
    text = files("kneadwork.outreach").joinpath("data/offers.yaml").read_text("utf-8")
    suits: dict[str, list[str]] = {}
    for profession in all_professions().values():
        for key in profession.offers:
            suits.setdefault(key, []).append(profession.key)
    rows = yaml.safe_load(text)["offers"].items()
    return {key: Offered(key, row["name"], row["words"].strip(), tuple(suits.get(key, ()))) for key, row in rows}


def every() -> list[Offered]:
    """All offers: the shipped ones as the practice changed them, then its own by name; those put away among them."""
    rows = {row.key: row for row in Offer.objects.order_by("name", "pk")}
    found = [_as_kept(rows.pop(key)) if key in rows else offer for key, offer in shipped().items()]
    return found + [_as_kept(row) for row in rows.values()]


def _as_kept(row: Offer) -> Offered:
    own = row.key not in shipped()
    return Offered(row.key, row.name, row.words, tuple(row.professions), own, not own, row.away_on is not None)


def suited() -> Callable[[str], list[Offered]]:
    """What suits a profession, its closest first as professions.yaml orders them; asks the database once."""
    standing = [offer for offer in every() if not offer.away]

    def suits(profession: str) -> list[Offered]:
        known = all_professions().get(profession)
        order = known.offers if known else ()
        found = [offer for offer in standing if profession and profession in offer.professions]
        return sorted(found, key=lambda o: order.index(o.key) if o.key in order else len(order))

    return suits


def one(key: str) -> Offered:
    """The offer of a key; refused where there is none."""
    for offer in every():
        if offer.key == key:
            return offer
    raise OfferRefused(_("There is no such offer."))


def keep(key: str, name: str, words: str, professions: list[str], *, by: Member) -> Offered:
    """Keep an offer in the practice's own words; without a key a new one."""
    name, words = " ".join(name.split()), words.strip().replace("\r\n", "\n")
    if not name or not words:
        raise OfferRefused(_("An offer needs a name and a few words."))
    if len(name) > LONGEST_NAME or len(words) > LONGEST:
        raise OfferRefused(
            _("A leaflet of one page holds a name of %(name)d and a text of %(words)d characters. Say it shorter.")
            % {"name": LONGEST_NAME, "words": LONGEST}
        )
    _refuse_unprintable([name, words])
    if key:
        one(key)
    with acts.act("offer", name, by=by):
        row = Offer.objects.filter(key=key).first() if key else None
        row = row or Offer(key=key or f"own_{show(new_id())}")
        row.name, row.words, row.away_on = name, words, None
        row.professions = [p for p in professions if p in all_professions()]
        row.save()
    return _as_kept(row)


def put_away(key: str, *, on: date, by: Member) -> None:
    """Offer this no longer; its words stay, to be offered again."""
    offer = one(key)
    with acts.act("offer", offer.name, by=by):
        row = Offer.objects.filter(key=key).first() or Offer(
            key=key, name=offer.name, words=offer.words, professions=list(offer.professions)
        )
        row.away_on = on
        row.save()


def as_shipped(key: str, *, by: Member) -> None:
    """Go back to the shipped words, and offer it again."""
    with acts.act("offer", one(key).name, by=by):
        acts.remove_all(list(Offer.objects.filter(key=key)) if key in shipped() else [])


def leaflet(offer: Offered, practice: Practice) -> bytes:
    """A leaflet of one page: the offer in the practice's words, and exactly how one reaches it; about no client."""
    open_to_all = may_disclose(Disclosure("", PUBLIC, "offer"), (), on=timezone.localdate())
    assert open_to_all.allowed
    sheet = LeafletSheet(
        offer.name, tuple(p.strip() for p in offer.words.split("\n\n") if p.strip()), practice.name,
        practice.directions, _reach(practice),
    )  # fmt: skip
    _refuse_unprintable([sheet.title, *sheet.paragraphs, sheet.practice, sheet.directions, *sheet.reach])
    title = _("%(offer)s, %(practice)s") % {"offer": offer.name, "practice": practice.name}
    try:
        return delivery.leaflet_pdf(sheet, title=title, language=practice.language[:2])
    except delivery.NotReleased as refused:
        raise OfferRefused(str(refused)) from refused
    except CannotBeSet as fault:
        raise OfferRefused(_("The leaflet could not be set: %(why)s") % {"why": str(fault)[:200]}) from fault


def _reach(practice: Practice) -> tuple[str, ...]:
    """The practice's own address, telephone, e-mail and website."""
    town = " ".join(filter(None, (", ".join(filter(None, (practice.city, practice.region))), practice.postal)))
    lines = (practice.line1, practice.line2, town, practice.phone, practice.email, practice.website)
    return tuple(line for line in lines if line)


def _refuse_unprintable(texts: list[str]) -> None:
    faults = glyphs.unprintable(texts)
    if faults:
        signs = "".join(dict.fromkeys("".join(faults.values())))[:20]
        raise OfferRefused(
            _("“%(signs)s” cannot be printed. Change the text, or what your practice says of itself.")
            % {"signs": signs}
        )
