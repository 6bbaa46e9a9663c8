"""Business cards as they are set: sixteen ways, drawn for tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.card_people import Person

WIDE, HIGH, EDGE = 1050, 600, 60
FONTS = {
    "sans": "truetype/dejavu/DejaVuSans.ttf", "sans bold": "truetype/dejavu/DejaVuSans-Bold.ttf",
    "serif": "truetype/dejavu/DejaVuSerif.ttf", "serif bold": "truetype/dejavu/DejaVuSerif-Bold.ttf",
    "plain": "truetype/liberation/LiberationSans-Regular.ttf", "plain bold": "truetype/liberation/LiberationSans-Bold.ttf",
    "book": "truetype/liberation/LiberationSerif-Regular.ttf", "book italic": "truetype/liberation/LiberationSerif-Italic.ttf",
    "narrow": "truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "gothic": "truetype/vlgothic/VL-PGothic-Regular.ttf", "mincho": "opentype/ipafont-mincho/ipamp.ttf",
}  # fmt: skip
SHORT = {"work": "T", "mobile": "M", "fax": "F"}
LONG = {"work": "Office:", "mobile": "Cell:", "fax": "Fax:"}
SIGNS = {"work": "☎ ", "mobile": "✆ ", "fax": "Fax "}
JAPANESE = {"work": "TEL", "mobile": "携帯", "fax": "FAX"}


@lru_cache(maxsize=200)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the fonts of Debian's packages (scripts/developer_environment.sh)."""
    return ImageFont.truetype(str(Path("/usr/share/fonts") / FONTS[name]), size)


class Card:
    """One side of a card that is being set: lines go below each other from `x`, `y`."""

    def __init__(self, ground: str = "#fffdf8", ink: str = "#1c1c1c", size: tuple[int, int] = (WIDE, HIGH)) -> None:
        self.picture = Image.new("RGB", size, ground)
        self.draw = ImageDraw.Draw(self.picture)
        self.ink, self.x, self.y, self.anchor = ink, EDGE, EDGE, "la"

    def at(self, x: int, y: int, anchor: str = "la") -> Card:
        """Go on from here; anchor la sets to the left, ma centred, ra to the right."""
        self.x, self.y, self.anchor = x, y, anchor
        return self

    def line(self, text: str, face: str, size: int, *, ink: str = "", gap: float = 1.35) -> Card:
        """Set one line; a longer one than the card is wide is set smaller, as a printer would."""
        room = self.picture.width - (
            2 * EDGE if self.anchor == "ma" else EDGE + (self.x if self.anchor == "la" else EDGE)
        )
        while size > 20 and self.draw.textlength(text, font(face, size)) > room:
            size -= 2
        self.draw.text((self.x, self.y), text, ink or self.ink, font(face, size), anchor=self.anchor)
        self.y += int(size * gap)
        return self

    def lines(self, texts, face: str, size: int, **how) -> Card:
        """Set several."""
        for text in texts:
            self.line(text, face, size, **how)
        return self

    def box(self, place: tuple[int, int, int, int], colour: str) -> Card:
        """A filled box."""
        self.draw.rectangle(place, fill=colour)
        return self


def plain_left(who: Person) -> list[Image.Image]:
    """Everything to the left, the telephones at the foot without labels but the fax."""
    card = Card().line(who.full_name, "sans bold", 50).line(who.title, "sans", 32).line(who.organisation, "sans", 34)
    numbers = [f"Fax {number}" if kind == "fax" else number for kind, number in who.phones]
    card.at(EDGE, 300).lines([*numbers, who.email, who.web], "sans", 28).line(", ".join(who.address), "sans", 26)
    return [card.picture]


def centred(who: Person) -> list[Image.Image]:
    """Centred and in serifs."""
    card = Card(ink="#2b2118").at(WIDE // 2, 60, "ma").line(who.organisation, "serif", 36, gap=1.8)
    card.line(who.full_name, "serif bold", 52).line(who.title, "serif", 30, gap=2)
    numbers = [f"{LONG[kind]} {number}" for kind, number in who.phones]
    return [card.lines([*numbers, who.email], "serif", 27).lines(who.address, "serif", 25).picture]


def two_columns(who: Person) -> list[Image.Image]:
    """Who they are on the left of a rule, where they are on its right."""
    card = Card().at(EDGE, 180)
    given, *rest = who.full_name.split(" ")
    card.line(given, "plain bold", 54).line(" ".join(rest), "plain bold", 50 if len(" ".join(rest)) < 14 else 38).line(
        who.title, "plain", 28
    )
    card.box((500, 90, 503, 510), "#88aa88").at(540, 100).line(who.organisation, "plain bold", 28, gap=2)
    card.lines([f"{SHORT[kind]}  {number}" for kind, number in who.phones], "plain", 29)
    return [card.lines([f"E  {who.email}", f"W  {who.web}", *who.address], "plain", 27).picture]


def light_on_dark(who: Person) -> list[Image.Image]:
    """Light letters on a dark ground, centred."""
    card = (
        Card("#1d2f3a", "#f2efe6")
        .at(WIDE // 2, 90, "ma")
        .line(who.full_name, "serif", 54)
        .line(who.title, "serif", 28, gap=2.4)
    )
    card.line(who.organisation, "serif bold", 32, gap=1.8)
    return [
        card.lines(
            [*(f"{LONG[kind]} {number}" for kind, number in who.phones), who.email, who.web], "serif", 27
        ).picture
    ]


def logo_box(who: Person) -> list[Image.Image]:
    """A box with initials for a logo, the text beside it."""
    card = Card().box((0, 0, 300, HIGH), "#2f6f5e").at(150, 240, "ma")
    card.line("".join(w[0] for w in who.organisation.split()[:2]), "serif bold", 110, ink="#ffffff")
    card.at(350, 70).line(who.organisation, "plain bold", 34, gap=1.9).line(who.full_name, "plain", 44).line(
        who.title, "plain", 28, gap=1.9
    )
    card.lines([f"{number} ({kind})" for kind, number in who.phones], "plain", 28).lines(
        [who.email, who.web], "plain", 28
    )
    return [card.picture]


def labelled(who: Person) -> list[Image.Image]:
    """Every value behind a letter: T, M, F, E, W, A."""
    card = Card("#f4f6f4").at(EDGE, 70).line(who.organisation.upper(), "sans bold", 32, ink="#2f6f5e", gap=2)
    card.line(who.full_name, "sans", 46).line(who.title, "sans", 28, gap=1.9)
    card.lines([f"{SHORT[kind]}: {number}" for kind, number in who.phones], "sans", 27)
    return [card.lines([f"E: {who.email}", f"W: {who.web}", f"A: {', '.join(who.address)}"], "sans", 27).picture]


def banner(who: Person) -> list[Image.Image]:
    """The organisation in a coloured band."""
    card = (
        Card()
        .box((0, 0, WIDE, 150), "#7a3b2e")
        .at(WIDE // 2, 48, "ma")
        .line(who.organisation, "serif bold", 46, ink="#fff7ef")
    )
    card.at(EDGE, 200).line(who.full_name, "plain bold", 46).line(who.title, "book italic", 34, gap=1.8)
    numbers = [f"{number} {kind}" for kind, number in who.phones]
    return [card.lines([*numbers, who.email, ", ".join(who.address)], "plain", 28).picture]


def capitals(who: Person) -> list[Image.Image]:
    """The name in capitals, everything in small type."""
    card = (
        Card()
        .at(EDGE, 110)
        .line(who.name.upper(), "plain bold", 46)
        .line(f"{who.credentials} {who.title}".strip(), "plain", 27, gap=3)
    )
    card.line(who.organisation, "plain bold", 27).lines(who.address, "plain", 25)
    return [
        card.lines([f"{LONG[kind].lower()} {number}" for kind, number in who.phones], "plain", 25)
        .line(who.email, "plain", 25)
        .picture
    ]


def signs(who: Person) -> list[Image.Image]:
    """Signs of a telephone and an envelope in front of the values."""
    card = (
        Card("#fbf7ef")
        .at(WIDE - EDGE, 70, "ra")
        .line(who.full_name, "sans bold", 46)
        .line(who.title, "sans", 28, gap=1.5)
    )
    card.line(who.organisation, "sans", 30).at(EDGE, 320)
    card.lines([f"{SIGNS[kind]}{number}" for kind, number in who.phones], "sans", 28)
    return [card.lines([f"✉ {who.email}", f"⌂ {', '.join(who.address)}"], "sans", 28).picture]


def one_foot(who: Person) -> list[Image.Image]:
    """All numbers in one line at the foot."""
    card = (
        Card()
        .at(WIDE // 2, 130, "ma")
        .line(who.full_name, "book", 60)
        .line(who.title, "book italic", 36, gap=1.7)
        .line(who.organisation, "book", 36)
    )
    card.at(WIDE // 2, 420, "ma").line(
        " | ".join(f"{SHORT[kind]} {number}" for kind, number in who.phones), "plain", 27, gap=1.7
    )
    return [card.line(f"{who.email}  •  {who.web}", "plain", 27).picture]


def to_the_right(who: Person) -> list[Image.Image]:
    """Everything to the right, narrow type."""
    card = Card().at(WIDE - EDGE, 60, "ra").line(who.organisation, "narrow", 44, ink="#345", gap=1.9)
    card.line(who.full_name, "plain bold", 42).line(who.title, "narrow", 32, gap=1.8)
    card.lines([f"{LONG[kind]} {number}" for kind, number in who.phones], "narrow", 32)
    return [card.lines([who.email, who.web, *who.address], "narrow", 32).picture]


def upright(who: Person) -> list[Image.Image]:
    """A card that stands upright."""
    card = Card("#eef2ef", size=(HIGH, WIDE)).at(HIGH // 2, 120, "ma").line(who.organisation, "sans bold", 34, gap=3)
    given, family = who.name.split(" ", 1)
    card.line(given, "sans", 56).line(family, "sans", 56).line(who.credentials or " ", "sans", 30).line(
        who.title, "sans", 28, gap=3
    )
    card.lines([f"{SHORT[kind].lower()} {number}" for kind, number in who.phones], "sans", 28).line(
        who.email, "sans", 28, gap=2
    )
    return [card.lines(who.address, "sans", 26).picture]


def back_side(who: Person) -> list[Image.Image]:
    """The organisation on the front, the person on the back."""
    front = (
        Card("#24424f", "#ffffff")
        .at(WIDE // 2, 230, "ma")
        .line(who.organisation, "serif bold", 56)
        .line(who.web, "serif", 30)
    )
    back = Card().at(EDGE, 120).line(who.full_name, "serif bold", 46).line(who.title, "serif", 30, gap=2)
    numbers = [f"{LONG[kind]} {number}" for kind, number in who.phones]
    return [front.picture, back.lines([*numbers, who.email, *who.address], "serif", 27).picture]


def with_code(who: Person) -> list[Image.Image]:
    """A QR code with the person's address on the web beside the text."""
    card = (
        Card()
        .at(EDGE, 80)
        .line(who.full_name, "plain bold", 46)
        .line(who.title, "plain", 30)
        .line(who.organisation, "plain", 32)
    )
    card.at(EDGE, 330).lines([f"{LONG[kind]} {number}" for kind, number in who.phones], "plain", 28).line(
        who.email, "plain", 28
    )
    card.picture.paste(code(f"https://{who.web}").resize((230, 230)), (WIDE - 290, 320))
    return [card.picture]


def japanese_plain(who: Person) -> list[Image.Image]:
    """As most Japanese cards are set: firm, office held, name, then where."""
    card = (
        Card()
        .line(who.organisation, "gothic", 36, gap=2.2)
        .line(who.title, "gothic", 28)
        .line(_spaced(who.name), "gothic", 58)
    )
    card.line(who.roman, "plain", 26).at(EDGE, 380).lines(who.address, "gothic", 27)
    card.line("  ".join(f"{JAPANESE[kind]} {number}" for kind, number in who.phones[:2]), "gothic", 27)
    card.lines([f"{JAPANESE[kind]} {number}" for kind, number in who.phones[2:]], "gothic", 27)
    return [card.line(f"E-mail {who.email}", "gothic", 27).picture]


def japanese_centred(who: Person) -> list[Image.Image]:
    """Centred, in mincho."""
    card = (
        Card("#fdfbf5")
        .at(WIDE // 2, 60, "ma")
        .line(who.organisation, "mincho", 38, gap=1.8)
        .line(who.title, "mincho", 28)
    )
    card.line(who.name, "mincho", 60, gap=1.7).lines(who.address, "mincho", 27)
    return [
        card.lines([f"{JAPANESE[kind]}：{number}" for kind, number in who.phones], "mincho", 27)
        .lines([who.email, who.web], "mincho", 27)
        .picture
    ]


def japanese_columns(who: Person) -> list[Image.Image]:
    """The name below each other on the right, the rest along."""
    card = Card().at(EDGE, 80).line(who.organisation, "gothic", 38, gap=1.6).line(who.title, "gothic", 28)
    card.at(EDGE, 330).lines(
        [*who.address, *(f"{JAPANESE[kind]} {number}" for kind, number in who.phones)], "gothic", 27
    )
    card.line(f"Mail {who.email}", "gothic", 27).at(WIDE - 140, 60)
    return [card.lines([c for c in who.name if c != " "], "gothic", 56, gap=1.1).picture]


def japanese_dark(who: Person) -> list[Image.Image]:
    """Light on dark, the name in both scripts."""
    card = (
        Card("#2a2433", "#f5f0ff")
        .at(EDGE, 90)
        .line(who.name, "gothic", 56)
        .line(who.roman, "plain", 28)
        .line(f"{who.organisation} {who.title}", "gothic", 30, gap=2)
    )
    card.lines(
        [f"{JAPANESE[kind].replace('TEL', 'Tel.').replace('FAX', 'Fax.')} {number}" for kind, number in who.phones],
        "gothic",
        27,
    )
    return [card.lines([who.email, who.web, *who.address], "gothic", 26).picture]


LATIN: list[Callable[[Person], list[Image.Image]]] = [
    plain_left, centred, two_columns, light_on_dark, logo_box, labelled, banner, capitals, signs, one_foot, to_the_right, upright, back_side,
    with_code,
]  # fmt: skip
EASTERN = [japanese_plain, japanese_centred, japanese_columns, japanese_dark]


def layout(who: Person) -> Callable[[Person], list[Image.Image]]:
    """The way in which this person's card is set."""
    return EASTERN[who.number // 5 % len(EASTERN)] if who.japanese else LATIN[who.number % len(LATIN)]


def code(text: str) -> Image.Image:
    """A QR code that says `text`."""
    import zxingcpp

    drawn = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=6)
    return Image.fromarray(np.array(drawn)).convert("RGB")


def _spaced(name: str) -> str:
    return name.replace(" ", "　")
