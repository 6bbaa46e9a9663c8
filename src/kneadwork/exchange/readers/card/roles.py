"""Which of the lines that are left is the name, which the organisation, which the title.

Every line gets a mark for each of the three, from what it says, how large it is set and where it stands; the e-mail's and the
web address's words help, because people are called by the one and firms by the other. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kneadwork.exchange.normal import natural_case, natural_name
from kneadwork.exchange.readers.card.text import Line
from kneadwork.exchange.readers.card.values import Field, Values, around
from kneadwork.exchange.readers.card.words import (
    firm_words_in,
    is_japanese,
    is_title,
    known_credentials,
    plain,
    split_credentials,
    split_leading_credentials,
    words,
)

#: The least mark that makes a line a name, and an organisation; and the mark from which a name is beyond doubt.
LEAST_NAME, LEAST_FIRM, CERTAIN = 1.6, 0.45, 4.0
#: Letters of lines that belong together are set this much alike; a name set below itself stands this near.
ALIKE, SAME, NEAR = 0.6, 0.85, 2.0
_PARTICLES = frozenset(
    {"de", "la", "von", "van", "der", "den", "del", "da", "di", "bin", "y", "zu", "ten", "ter", "al", "el"}
)
_HONORIFIC = re.compile(r"(?i)^(?:dr|mr|mrs|ms|prof|dipl|mag)\.?\s")


@dataclass(slots=True)
class Roles:
    """Who the card is of. `other_name` is the same name in another script."""

    name: Field | None = None
    credentials: Field | None = None
    organisation: Field | None = None
    title: Field | None = None
    other_name: str = ""
    rest: tuple[Line, ...] = ()


def told(values: Values) -> Roles:
    """The roles of the lines that no value was told from."""
    lines = [line for line in _columns(_split(values.rest)) if _says_something(line.text)]
    found = Roles()
    lines = _take_credentials(found, lines)
    largest = max((line.size for line in lines), default=1) or 1
    lines = _take_name(found, lines, values, largest)
    lines = _take_title(found, lines, values)
    lines = _take_organisation(found, lines, values, largest)
    found.rest = tuple(lines)
    return found


def _split(lines: list[Line]) -> list[Line]:
    """One piece each where a line holds several, and a Japanese firm apart from the office held in it."""
    pieces = [replace(line, text=piece.strip()) for line in lines for piece in line.text.split("|") if piece.strip()]
    return [one for piece in pieces for one in (_apart(piece) if is_japanese(piece.text) else [piece])]


def _apart(line: Line) -> list[Line]:
    title = next(
        (
            t
            for t in sorted(words()["japanese_titles"], key=len, reverse=True)
            if line.text.endswith(t) and len(line.text) > len(t) + 3
        ),
        "",
    )
    before = line.text.removesuffix(title).strip()
    if title and firm_words_in(before):
        return [replace(line, text=before), replace(line, text=title)]
    return [line]


def _columns(lines: list[Line]) -> list[Line]:
    """Single Japanese letters below each other joined to the word that they are."""
    joined: list[Line] = []
    for line in lines:
        above = next((one for one in joined if _continues(one, line)), None)
        if above is None:
            joined.append(line)
        else:
            joined[joined.index(above)] = replace(above, text=above.text + line.text, box=around([above.box, line.box]))
    return joined


def _continues(above: Line, line: Line) -> bool:
    single = len(line.text) == 1 and len(above.text) <= 6 and is_japanese(above.text) and is_japanese(line.text)
    gap = line.box.top - above.box.top - above.box.height
    in_line = abs(_middle(above) - _middle(line)) < line.box.width / 2 and above.box.width < 1.6 * line.box.width
    return single and in_line and above.box.side == line.box.side and gap < line.box.height


def _says_something(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    initial = re.fullmatch(r"[^\W\d_]\.?", text) is not None and text.isupper()
    return letters >= (2 if is_japanese(text) else 3) or initial or text.replace(".", "").upper() in known_credentials()


def _take_credentials(found: Roles, lines: list[Line]) -> list[Line]:
    """A line of credentials alone ("MBA"), or at the beginning of a title ("MD, MPH Family Medicine")."""
    left = []
    for line in lines:
        before, alone = split_credentials(line.text)
        leading, title = split_leading_credentials(line.text)
        if alone and not before:
            found.credentials = found.credentials or Field(alone, line.score, line.box)
        elif leading and is_title(title):
            found.credentials = found.credentials or Field(leading, line.score, line.box)
            left.append(replace(line, text=title))
        else:
            left.append(line)
    return left


def _take_name(found: Roles, lines: list[Line], values: Values, largest: float) -> list[Line]:
    japanese = any(is_japanese(line.text) for line in lines)
    candidates = [(line,) for line in lines] + _together(lines)
    marked = [(_name_mark(many, values, largest, japanese=japanese), many) for many in candidates]
    mark, best = max(marked, key=lambda pair: pair[0], default=(0.0, ()))
    if mark < LEAST_NAME:
        return lines
    text, score = _joined(best), min(line.score for line in best)
    name, credentials = split_credentials(text)
    sure = score * min(1.0, 0.55 + 0.45 * mark / CERTAIN)
    found.name = Field(_natural(name), sure, around([line.box for line in best]))
    if credentials:
        found.credentials = Field(credentials, score, found.name.box)
    left = [line for line in lines if not any(line is one for one in best)]
    return _take_other_script(found, left, values) if is_japanese(name) else left


def _take_other_script(found: Roles, lines: list[Line], values: Values) -> list[Line]:
    """A Japanese name in Latin letters beside it."""
    for line in lines:
        if (
            re.fullmatch(r"[A-Za-z.-]{2,}(?: [A-Za-z.-]{2,}){1,2}", line.text)
            and not firm_words_in(line.text)
            and not is_title(line.text)
        ):
            found.other_name = natural_case(line.text)
            return [one for one in lines if one is not line]
    return lines


def _joined(lines: tuple[Line, ...]) -> str:
    return " ".join(line.text for line in lines)


def _natural(name: str) -> str:
    if is_japanese(name):
        return name
    return natural_name(name) if name == name.upper() else _spaced(name)


def _spaced(name: str) -> str:
    """A name that was read without its space ("AmaraLindqvist")."""
    glued = re.fullmatch(r"([^\W\d_][a-zß-ÿ]{2,})([A-Z][a-zß-ÿ]{2,})", name)
    return f"{glued[1]} {glued[2]}" if glued and glued[1] not in ("Mac", "Van", "Von", "Del") else name


def _together(lines: list[Line]) -> list[tuple[Line, ...]]:
    """Lines that may be one name: two set alike, one below or beside the other, of few words each."""
    pairs: list[tuple[Line, ...]] = []
    for first in lines:
        for second in lines:
            if (
                first is second
                or first.box.side != second.box.side
                or min(first.size, second.size) < ALIKE * max(first.size, second.size)
            ):
                continue
            short = all(
                len(line.text.split()) <= 3 and (not is_japanese(line.text) or len(line.text) <= 4)
                for line in (first, second)
            )
            if short and (_is_below(first, second) or _is_beside(first, second)):
                pairs.append((first, second))
    return pairs


def _is_below(first: Line, second: Line) -> bool:
    gap = second.box.top - first.box.top
    apart = abs(second.box.left - first.box.left), abs(_middle(second) - _middle(first))
    return 0 < gap < NEAR * first.box.height and min(apart) < 0.04 and not is_japanese(first.text)


def _is_beside(first: Line, second: Line) -> bool:
    level = abs(first.box.top + first.box.height / 2 - second.box.top - second.box.height / 2) < 0.5 * first.box.height
    gap = (second.box.left - first.box.left - first.box.width) * first.proportion
    return level and first.box.left < second.box.left and -0.8 * first.box.height < gap < 2.2 * first.box.height


def _middle(line: Line) -> float:
    return line.box.left + line.box.width / 2


def _name_mark(lines: tuple[Line, ...], values: Values, largest: float, *, japanese: bool) -> float:
    text = _joined(lines)
    name, credentials = split_credentials(text)
    name = _spaced(name)
    if not name or re.search(r"[\d@&/]", name):
        return 0.0
    mark = 1.5 * min(line.size for line in lines) / largest
    mark += _japanese_mark(name) if is_japanese(name) else _latin_mark(name, japanese=japanese)
    mark += (1.5 if credentials and len(name.split()) > 1 and not firm_words_in(name) else 0) + 2.5 * _is_called(
        name, values
    )
    mark -= 1.2 * firm_words_in(name) + (2.0 if is_title(name) else 0) + (1.5 if _is_of_the_web(name, values) else 0)
    singles = len(lines) > 1 and not any(len(split_credentials(line.text)[0].split()) == 1 for line in lines)
    return mark - (2.0 if singles else 0) + (_pair_mark(lines[0], lines[1], values) if len(lines) > 1 else 0)


def _pair_mark(first: Line, second: Line, values: Values) -> float:
    """How far a name in two lines is likelier than its second line alone: a given name above a family name of several words."""
    if second.text.split()[0].casefold() in _PARTICLES:
        return 0.4
    alike = min(first.size, second.size) > SAME * max(first.size, second.size)
    own = not firm_words_in(first.text) and not is_title(first.text) and _web_likeness(first.text, values) < 100
    return 0.4 if alike and own and len(first.text.split()) == 1 and not is_title(second.text) else -0.2


def _japanese_mark(name: str) -> float:
    bare = re.sub(r"\s", "", name)
    if not 2 <= len(bare) <= 7 or re.search(r"[A-Za-z。、・]", bare):
        return -2.0
    return 1.5 + (0.5 if re.match(r"[㐀-鿿々]{1,3}", bare) else -0.5) + (0.5 if 3 <= len(bare) <= 5 else 0)


def _latin_mark(name: str, *, japanese: bool) -> float:
    said = _HONORIFIC.sub("", name).split()
    named = [word for word in said if word.casefold() not in _PARTICLES]
    capital = sum(word[0].isupper() or word.casefold() in _PARTICLES for word in said)
    mark = 1.0 if len(said) >= 2 and len(named) <= 4 and capital == len(said) else -1.0
    if len(said) == 2 and not all(len(word) > 1 for word in said):
        mark -= 0.5
    return mark + (0.7 if _HONORIFIC.match(name) else 0) - (1.5 if japanese else 0)


def _is_called(name: str, values: Values) -> float:
    """How far an e-mail on the card is called by this name: 1 wholly, 0 not at all."""
    said = [plain(word) for word in _HONORIFIC.sub("", name).split() if plain(word)]
    best = 0.0
    for email in values.emails:
        local = plain(email.value.partition("@")[0])
        if len(said) < 1 or local in words()["generic_mailboxes"]:
            continue
        first, last = said[0], said[-1]
        spelt = {
            first + last,
            last + first,
            first[0] + last,
            first + last[0],
            last + first[0],
            f"{first[0]}{''.join(s[0] for s in said[1:-1])}{last}",
        }
        if local in spelt and len(said) > 1:
            best = 1.0
        elif local in said or any(_is_nearly(local, one) for one in spelt if len(one) > 4):
            best = max(best, 0.7)
    return best


def _is_nearly(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= 88


def _is_of_the_web(text: str, values: Values) -> bool:
    """Whether an address on the web is called by this text, which is more than a person's two names."""
    return len(text.split()) > 2 and _web_likeness(text, values) >= 85 and not _is_called(text, values)


def _web_likeness(text: str, values: Values) -> float:
    from rapidfuzz import fuzz

    own = plain(text)
    hosts = [email.value.partition("@")[2] for email in values.emails] + [
        re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", url.value) for url in values.urls
    ]
    names = {plain(host.split("/")[0].rpartition(".")[0]) for host in hosts}
    return max((fuzz.partial_ratio(own, name) for name in names if len(own) > 3 and len(name) > 3), default=0.0)


def _take_title(found: Roles, lines: list[Line], values: Values) -> list[Line]:
    marked = [(_title_mark(line, found, values), line) for line in lines]
    mark, best = max(marked, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or mark < 1:
        return lines
    found.title = Field(natural_case(best.text), best.score * min(1.0, 0.5 + mark / 6), best.box)
    return [line for line in lines if line is not best]


def _title_mark(line: Line, found: Roles, values: Values) -> float:
    mark = 2.0 * is_title(line.text) - (0.8 if is_japanese(line.text) and len(line.text) > 12 else 0)
    if not is_japanese(line.text):
        mark -= 0.7 * min(2, firm_words_in(line.text)) + (0.5 if len(line.text.split()) == 1 and not mark else 0)
    mark -= 0.7 if _web_likeness(line.text, values) >= 85 else 0
    if found.name and found.name.box and line.box.side == found.name.box.side:
        gap = abs(line.box.top + line.box.height / 2 - found.name.box.top - found.name.box.height / 2)
        mark += 1.0 if gap < 2.5 * found.name.box.height else 0
    return mark


def _take_organisation(found: Roles, lines: list[Line], values: Values, largest: float) -> list[Line]:
    marked = [(_firm_mark(line, values, largest), line) for line in lines]
    mark, best = max(marked, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or mark < LEAST_FIRM:
        return lines
    found.organisation = Field(natural_case(best.text), best.score * min(1.0, 0.5 + mark / 5), best.box)
    return [line for line in lines if line is not best and line.text.casefold() != best.text.casefold()]


def _firm_mark(line: Line, values: Values, largest: float) -> float:
    mark = 1.2 * min(2, firm_words_in(line.text)) + 0.8 * line.size / largest
    mark += 1.6 * max(0.0, _web_likeness(line.text, values) - 50) / 50
    if len(line.text) < 4 and not is_japanese(line.text):
        mark -= 1
    return mark - (0.7 if is_title(line.text) else 0) - (0.6 if len(line.text.split()) > 7 else 0)
