"""Professions that refer people to a massage therapist; how the provider registry's codes and the open map's tags name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext_lazy as _

METHOD_NINE = (
    "chiropractor", "orthopaedic_physician", "general_physician", "psychologist", "psychiatrist", "acupuncturist",
    "naturopathic_doctor", "dentist", "physical_therapist",
)  # fmt: skip

LABELS = {
    "chiropractor": _("Chiropractor"), "orthopaedic_physician": _("Orthopaedic physician"),
    "general_physician": _("General physician"), "psychologist": _("Psychologist"),
    "psychiatrist": _("Psychiatrist"), "acupuncturist": _("Acupuncturist"),
    "naturopathic_doctor": _("Naturopathic doctor"), "dentist": _("Dentist"),
    "physical_therapist": _("Physical therapist"), "sports_medicine_physician": _("Sports medicine physician"),
    "physical_medicine_physician": _("Physical medicine physician"), "pain_physician": _("Pain physician"),
    "occupational_therapist": _("Occupational therapist"), "counsellor": _("Counsellor"),
    "massage_therapist": _("Massage therapist"), "realtor": _("Realtor"), "office": _("Office"), "gym": _("Gym"),
    "yoga_studio": _("Yoga studio"), "hotel": _("Hotel"), "salon": _("Salon"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profession:
    """One profession: its stream, its taxonomy codes and map tags, what it outranks, what could be offered to it."""

    key: str
    stream: str
    prefixes: tuple[str, ...]
    exact: frozenset[str]
    outranks: tuple[str, ...]
    offers: tuple[str, ...]
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def label(self):
        """Its name for people."""
        return LABELS.get(self.key, self.key.replace("_", " ").capitalize())

    def covers(self, code: str) -> bool:
        """Whether a taxonomy code means this profession."""
        return code in self.exact or bool(self.prefixes and code.startswith(self.prefixes))


@lru_cache(maxsize=1)
def all_professions() -> dict[str, Profession]:
    """Every profession of professions.yaml, by key."""
    text = files("kneadwork.facts").joinpath("data/professions.yaml").read_text("utf-8")
    made = {}
    for key, row in yaml.safe_load(text)["professions"].items():
        codes = row.get("taxonomy", {})
        made[key] = Profession(
            key, row["stream"], tuple(codes.get("prefix", ())), frozenset(codes.get("exact", ())),
            tuple(row.get("takes_precedence_over", ())), tuple(row.get("offers", ())),
            tuple(tuple(tag.split("=", 1)) for tag in row.get("places", ())),
        )  # fmt: skip
    return made


def stream_of(profession: str) -> str:
    """The stream that a profession belongs to; "" where it is none."""
    known = all_professions().get(profession)
    return known.stream if known else ""


def medical_professions() -> frozenset[str]:
    """Every medical profession but the massage therapist: what an import takes where none is named."""
    known = all_professions().values()
    return frozenset(p.key for p in known if p.stream == "medical" and p.key != "massage_therapist")


#: Keys of the open map by how closely their values say what somebody does; any other key says less.
CLOSE = ("healthcare:speciality", "sport", "healthcare")


def professions_on_map() -> frozenset[str]:
    """Every profession that the open map knows but the massage therapist: what an import of places takes where none is
    named."""
    return frozenset(p.key for p in all_professions().values() if p.tags and p.key != "massage_therapist")


@lru_cache(maxsize=1)
def map_keys() -> frozenset[str]:
    """The keys of the open map that say what somebody does."""
    return frozenset(key for p in all_professions().values() for key, _value in p.tags)


def professions_of_tags(tags: Mapping[str, str], wanted: frozenset[str]) -> tuple[str, ...]:
    """The professions that the tags of a place name, the one shown first; () where none is wanted.

    A tag may hold several values ("yoga;pilates"). A speciality says more than "doctors"; of those that are as close the
    first of the place's own values is shown, and one that takes precedence before the other (professions.yaml).
    """
    found: dict[str, tuple[int, int]] = {}
    for profession in all_professions().values():
        for key, value in profession.tags:
            values = [v.strip().casefold() for v in tags.get(key, "").split(";")]
            if profession.key in wanted and value in values:
                rank = (CLOSE.index(key) if key in CLOSE else len(CLOSE), values.index(value))
                found[profession.key] = min(rank, found.get(profession.key, rank))
    outranked = {other for key in found for other in all_professions()[key].outranks}
    return tuple(sorted(found, key=lambda key: (key in outranked, found[key])))


@lru_cache(maxsize=4096)
def professions_of_code(code: str) -> tuple[str, ...]:
    """The professions one taxonomy code means, the one that takes precedence first."""
    found = [p for p in all_professions().values() if p.covers(code)]
    outranked = {key for p in found for key in p.outranks}
    return tuple(sorted((p.key for p in found), key=lambda key: key in outranked))


def professions_of(slots: Iterable[tuple[str, str]], wanted: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The profession shown and all that count, of (code, primary switch) slots; ("", ()) where none is wanted.

    The primary slot's profession if it is wanted, else that of the first slot that is (professions.yaml).
    """
    hits = [(switch == "Y", [p for p in professions_of_code(code) if p in wanted]) for code, switch in slots if code]
    hits = [(primary, found) for primary, found in hits if found]
    if not hits:
        return "", ()
    shown = next((found for primary, found in hits if primary), hits[0][1])[0]
    every = tuple(dict.fromkeys([shown, *(p for _primary, found in hits for p in found)]))
    for other in every:
        if shown in all_professions()[other].outranks:
            shown = other
    return shown, tuple(dict.fromkeys([shown, *every]))
