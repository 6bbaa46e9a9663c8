"""Business cards read from photographs: who it is and how to reach them, whatever the setting and however the picture was taken."""

from __future__ import annotations

import io
import json
import random
import socket

import numpy as np
import pytest
from PIL import Image

from kneadwork.exchange.neutral import Unreadable
from kneadwork.exchange.readers.card import picture, reading, text
from tests import card_pictures
from tests.card_layouts import Card, code
from tests.card_people import misses, people
from tests.card_pictures import as_jpeg
from tests.installation import SECONDS, Installation, ready

CARDS = people(60)
#: A tenth of what bench/bench_cards.py reads, drawn once.
TENTH = sorted(random.Random(0).sample(range(60), 6))


def a_small_card(*, name: str = "Amara Lindqvist, DC") -> Image.Image:
    """Four lines, quickly read."""
    card = Card(size=(560, 320)).at(40, 40).line(name, "sans bold", 34).line("Ballard Spine Clinic", "sans", 24, gap=2)
    return card.lines(["Cell: 206-555-0101", "amara@spine.example"], "sans", 22).picture


def a_file(drawn: Image.Image, form: str, **how) -> bytes:
    out = io.BytesIO()
    drawn.save(out, form, **how)
    return out.getvalue()


def answered(*sides: bytes) -> dict:
    return reading.document(reading.read(*sides))


@pytest.mark.parametrize("number", TENTH)
def test_a_clean_card_is_read_to_the_letter(number):
    who = CARDS[number]
    assert misses(who, answered(*card_pictures.clean(who))) == []


@pytest.mark.parametrize("number", TENTH)
def test_a_spoiled_picture_of_it_is_read_as_well(number):
    who = CARDS[number]
    how, sides = card_pictures.spoiled(who)
    assert misses(who, answered(*sides)) == [], how


def test_every_field_says_how_sure_it_is_and_where_it_stands():
    found = reading.read(as_jpeg(a_small_card()))
    said = found.fields
    assert (said.name.value, said.credentials.value, said.organisation.value) == (
        "Amara Lindqvist",
        "DC",
        "Ballard Spine Clinic",
    )
    assert [(one.value, one.kind) for one in said.phones] == [("206-555-0101", "mobile")]
    for one in (said.name, said.organisation, *said.phones, *said.emails):
        assert 0.5 < one.confidence <= 1 and one.box.side == "front"
    crop = Image.open(io.BytesIO(picture.crop(found.pictures["front"], said.phones[0].box)))
    _straight, (line, *_more) = text.read(
        picture.opened(as_jpeg(crop.resize((crop.width * 2, crop.height * 2)))), "front"
    )
    assert "206-555-0101" in line.text, "the crop beside a doubtful field shows that field"


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_is_turned_as_the_camera_was_held(orientation):
    drawn = a_small_card().rotate({3: 180, 6: 90, 8: 270}[orientation], expand=True)
    hidden = Image.Exif()
    hidden[0x0112] = orientation
    opened = picture.opened(a_file(drawn, "JPEG", exif=hidden))
    assert opened.shape[:2] == (320, 560)
    assert b"Exif" not in picture.as_jpeg(opened), "nothing hidden is carried on"


def test_a_heic_picture_of_a_telephone_is_taken():
    import pillow_heif

    pillow_heif.register_heif_opener()
    assert answered(a_file(a_small_card(), "HEIF"))["emails"] == ["amara@spine.example"]


def test_front_and_back_make_one_card():
    front = (
        Card("#24424f", "#ffffff", (560, 320)).at(280, 130, "ma").line("Ballard Spine Clinic", "serif bold", 36).picture
    )
    back = Card(size=(560, 320)).line("Amara Lindqvist", "sans bold", 34).line("206-555-0101", "sans", 24).picture
    found = reading.read(as_jpeg(front), as_jpeg(back))
    said = found.fields
    assert (said.name.value, said.organisation.value) == ("Amara Lindqvist", "Ballard Spine Clinic")
    assert (said.organisation.box.side, said.name.box.side, set(found.pictures)) == ("front", "back", {"front", "back"})


def test_what_a_code_says_comes_before_what_is_printed():
    drawn = a_small_card(name="Amara Lindquist")
    drawn.paste(
        code("MECARD:N:Lindqvist,Amara;TEL:+12065550101;URL:https://spine.example;;").resize((130, 130)), (415, 175)
    )
    found = answered(as_jpeg(drawn))
    assert (found["name"], found["confidence"]["name"]) == ("Amara Lindqvist", 1.0)
    assert (found["phones"], found["phone_kinds"]) == (["+12065550101"], ["mobile"]), (
        "the print says of which kind it is"
    )
    assert found["urls"] == ["https://spine.example"] and found["emails"] == ["amara@spine.example"]


def test_a_picture_without_text_says_so():
    found = reading.read(a_file(Image.new("RGB", (800, 500), "#88aa99"), "JPEG"))
    assert found.is_empty


@pytest.mark.parametrize(("data", "words"), [
    (b"", "not a picture"), (b"BEGIN:VCARD\nEND:VCARD\n", "not a picture"), (a_file(a_small_card(), "JPEG")[:2000], "not a picture"),
    (a_file(Image.new("1", (8000, 6000)), "PNG"), "Forty million"), (a_file(Image.new("1", (5000, 20)), "PNG"), "too small"),
    (bytes(11 * 1024 * 1024), "Ten megabytes"),
])  # fmt: skip
def test_what_is_no_picture_of_a_card_is_refused_in_words(data, words):
    with pytest.raises(Unreadable, match=words):
        reading.read(data)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "1"])
def test_every_kind_of_picture_is_opened(mode):
    drawn = a_small_card().convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        drawn = Image.fromarray(np.asarray(drawn).astype("uint16") * 257)
    opened = picture.opened(a_file(drawn, "JPEG" if mode == "CMYK" else "PNG"))
    assert opened.shape == (320, 560, 3) and opened[5, 5].min() > 200, "paper stays white"


def test_a_large_photograph_is_read_from_a_smaller_one():
    opened = picture.opened(a_file(a_small_card().resize((5600, 3200)), "JPEG"))
    assert opened.shape == (914, 1600, 3)


def test_reading_needs_no_network(monkeypatch):
    def refuse(*_args, **_how):
        raise AssertionError("reading a card asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text._engine.cache_clear()
    assert answered(as_jpeg(a_small_card()))["name"] == "Amara Lindqvist"


def test_scan_answers_for_each_picture_and_says_what_could_not_be_read(tmp_path):
    installation = Installation(tmp_path / "home", ready())
    good, blank = tmp_path / "amara.jpg", tmp_path / "blank.jpg"
    good.write_bytes(as_jpeg(a_small_card()))
    blank.write_bytes(a_file(Image.new("RGB", (400, 300), "white"), "JPEG"))
    process = installation.begin("scan", str(blank), str(good), str(tmp_path / "missing.jpg"), "--json")
    told, complained = process.communicate(timeout=SECONDS)
    (card,) = json.loads(told)
    assert set(card) >= {"name", "organisation", "title", "phones", "emails", "urls", "address", "confidence"}
    assert (card["image"], card["name"], card["phones"]) == ("amara.jpg", "Amara Lindqvist", ["206-555-0101"])
    assert process.returncode == 1 and len(complained.splitlines()) == 2
    assert "no text" in complained and "missing.jpg" in complained and "Traceback" not in complained
