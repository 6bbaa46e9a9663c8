"""The provider registry's public HTTP API (version 2.1): the everyday way for one practice to find professionals nearby.

It is asked per profession and ZIP area, in pages of 200; it gives 1,200 answers to a question at most, so a question
that reaches this is asked anew for smaller areas. An answer is laid out as a row of the registry's file and read by the
same rules (professions, distance, names); where it can be asked and what comes back is all that this module knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.utils.translation import gettext as _

from kneadwork.exchange.neutral import Address, Item, OutOfScope, Phone, Record, Rejected, Unreadable
from kneadwork.exchange.normal import clean, e164, natural_case, natural_name
from kneadwork.exchange.readers import registry
from kneadwork.facts.zips import zips_within

PAGE, MOST_SKIPPED = 200, 1000
#: Seconds between attempts when the registry is busy or out of reach.
WAITS = (1.0, 3.0, 9.0)

#: Asks the registry: parameters in, (status, text) out; raises Unreadable where nobody answers.
Fetch = Callable[[dict[str, str]], tuple[int, str]]


class Busy(Exception):
    """The registry did not answer this time; asking again may help."""


@lru_cache(maxsize=1)
def terms() -> dict[str, list[str]]:
    """The words by which each profession is asked for."""
    return yaml.safe_load(files("kneadwork.facts").joinpath("data/registry_terms.yaml").read_text("utf-8"))["terms"]


def read(
    fetch: Fetch, *, near: tuple[float, float], within_m: float, professions: frozenset[str], known: frozenset[str],
    wait: Callable[[float], Any],
) -> Iterator[Item]:  # fmt: skip
    """Everyone of these professions whose ZIP area lies within the distance; each registry number once."""
    scope = registry.Scope(professions, near, within_m, known)
    reach = zips_within(*near, within_m) or zips_within(*near, within_m + 10_000)
    asked_for = list(dict.fromkeys(word for key in sorted(professions) for word in terms().get(key, ())))
    seen: set[str] = set()
    for word in asked_for:
        for prefix in sorted({code[:3] for code in reach}):
            for answer in _answers(fetch, word, prefix, reach, wait):
                yield from _items(answer, scope, seen)


def _answers(fetch: Fetch, word: str, prefix: str, reach: set[str], wait) -> Iterator[dict]:
    """The pages of one question; where the bound is reached, those of smaller areas."""
    for skip in range(0, MOST_SKIPPED + 1, PAGE):
        parameters = {
            "version": "2.1", "taxonomy_description": f"{word}*", "address_purpose": "LOCATION", "limit": str(PAGE),
            "skip": str(skip), "postal_code": prefix if len(prefix) == 5 else f"{prefix}*",
        }  # fmt: skip
        answer = _asked(fetch, parameters, wait)
        yield answer
        if len(answer["results"]) < PAGE:
            return
    if len(prefix) < 5:
        for longer in sorted({code[: len(prefix) + 1] for code in reach if code.startswith(prefix)}):
            yield from _answers(fetch, word, longer, reach, wait)


def _asked(fetch: Fetch, parameters: dict[str, str], wait) -> dict:
    """One page; asked again after a while where the registry is busy."""
    for pause in (*WAITS, None):
        try:
            status, text = fetch(parameters)
            if status == 429 or status >= 500:
                raise Busy
            return document(status, text)
        except Busy:
            if pause is None:
                break
            wait(pause)
    raise Unreadable(
        _("The registry does not answer just now. Try again later, or fetch its weekly file and drop it here.")
    )


def document(status: int, text: str) -> dict:
    """The answer as it was meant; Unreadable with the registry's own words where it refused."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Unreadable(_("The registry's answer was cut short or is none. Try again later."))
    errors = answer.get("Errors")
    if errors:
        said = "; ".join(str(e.get("description", "")) for e in errors if isinstance(e, dict))
        raise Unreadable(_("The registry refused the question: %(words)s") % {"words": clean(said, 300)})
    if status != 200 or not isinstance(answer.get("results"), list):
        raise Unreadable(_("The registry answered with something else than a list of providers. Try again later."))
    return answer


def records(answer: dict, scope: registry.Scope) -> Iterator[Item]:
    """Each provider of an answer: a record, a rejection, or out of scope."""
    yield from _items(answer, scope, set())


def _items(answer: dict, scope: registry.Scope, seen: set[str]) -> Iterator[Item]:
    skipped = 0
    for result in answer["results"]:
        number = str(result.get("number") or "") if isinstance(result, dict) else ""
        if number in seen:
            continue
        if number:  # several without one are several faults, each given back
            seen.add(number)
        where = _("registry number %(npi)s") % {"npi": number[:20]}
        try:
            record = registry.record_of(row_of(result), where, scope)
        except registry.Damaged as damage:
            yield Rejected(where, str(damage), json.dumps(result)[:4000])
        except (AttributeError, IndexError, KeyError, TypeError):
            yield Rejected(where, _("This answer has not the form of the registry's."), json.dumps(result)[:4000])
        else:
            if record is None:
                skipped += 1
            else:
                yield _enriched(record, result)
    if skipped:
        yield OutOfScope(skipped)


_BASIC = {
    "Provider First Name": "first_name", "Provider Middle Name": "middle_name",
    "Provider Last Name (Legal Name)": "last_name", "Provider Name Prefix Text": "name_prefix",
    "Provider Name Suffix Text": "name_suffix", "Provider Credential Text": "credential",
    "Provider Organization Name (Legal Business Name)": "organization_name",
    "Authorized Official First Name": "authorized_official_first_name",
    "Authorized Official Last Name": "authorized_official_last_name",
    "Authorized Official Title or Position": "authorized_official_title_or_position",
    "Parent Organization LBN": "parent_organization_legal_business_name",
    "NPI Deactivation Date": "deactivation_date", "NPI Reactivation Date": "reactivation_date",
}  # fmt: skip
_PLACE = {
    "Provider First Line Business Practice Location Address": "address_1",
    "Provider Second Line Business Practice Location Address": "address_2",
    "Provider Business Practice Location Address City Name": "city",
    "Provider Business Practice Location Address State Name": "state",
    "Provider Business Practice Location Address Postal Code": "postal_code",
    "Provider Business Practice Location Address Country Code (If outside U.S.)": "country_code",
    "Provider Business Practice Location Address Telephone Number": "telephone_number",
    "Provider Business Practice Location Address Fax Number": "fax_number",
}  # fmt: skip


def row_of(result: dict) -> dict[str, str]:
    """A provider of an answer as a row of the registry's file."""
    basic = result["basic"]
    place = next((a for a in result["addresses"] if a["address_purpose"] == "LOCATION"), result["addresses"][0])
    row = {"NPI": str(result["number"]), "Entity Type Code": "1" if result["enumeration_type"] == "NPI-1" else "2"}
    row |= {column: _plain(basic.get(name)) for column, name in _BASIC.items()}
    row |= {column: _plain(place.get(name)) for column, name in _PLACE.items()}
    for name in ("Telephone", "Fax"):
        column = f"Provider Business Practice Location Address {name} Number"
        row[column] = re.sub(r"\D", "", row[column])
    for n, taxonomy in enumerate(result["taxonomies"][:15], start=1):
        row[f"Healthcare Provider Taxonomy Code_{n}"] = _plain(taxonomy.get("code"))
        row[f"Healthcare Provider Primary Taxonomy Switch_{n}"] = "Y" if taxonomy.get("primary") else "N"
    return row


def _plain(value: Any) -> str:
    """A value as the file has it: "--" and null are nothing, a postal code has no gap."""
    text = "" if value is None else str(value).strip()
    return "" if text == "--" else text.replace("-", "") if re.fullmatch(r"\d{5}-\d{4}", text) else text


def _enriched(record: Record, result: dict) -> Record:
    """With what stands in the registry's other files: further places, names and electronic addresses."""
    record.addresses += [_further(place) for place in result.get("practiceLocations") or []]
    for other in result.get("other_names") or []:
        parts = ("first_name", "middle_name", "last_name")
        person = " ".join(natural_name(str(other.get(n) or ""), given=n != "last_name") for n in parts)
        name = clean(natural_case(str(other.get("organization_name") or "")) or " ".join(person.split()), 200)
        if name and name != record.name and name not in record.other_names:
            record.other_names.append(name)
    record.endpoints += registry.reachable(str(e.get("endpoint", "")) for e in result.get("endpoints") or [])
    return record


def _further(place: dict) -> Address:
    postal = registry.shown_postal(_plain(place.get("postal_code")))
    words = {k: natural_case(clean(_plain(place.get(k)), 200)) for k in ("address_1", "address_2", "city")}
    spoken = _plain(place.get("telephone_number"))
    phone = Phone(spoken, "work", e164(spoken))
    return Address(words["address_1"], words["address_2"], words["city"], clean(_plain(place.get("state")), 40), postal,
                   clean(_plain(place.get("country_code")), 2) or "US", "secondary", phone.e164 or phone.value)  # fmt: skip
