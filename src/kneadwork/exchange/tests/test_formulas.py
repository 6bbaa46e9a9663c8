"""What leaves as CSV runs in no spreadsheet, and comes back as it was."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneadwork.exchange.formulas import harmless, original

RUNS = ["=1+1", "+1+1", "+1-2-3", "-1+1", "@SUM(A1)", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\u2003+1+1", ' "=1+1', "\t=1", "\r=1",
        "\n=1", "＝1+1", "﹢1+1", "+1 -2", "+(1)-2", "+1-206-555-0101", "+", "+12", "\x00=1", "+1 (2) +3", "\u202e=1"]  # fmt: skip


@pytest.mark.parametrize("text", RUNS)
def test_what_a_spreadsheet_could_run_begins_with_an_apostrophe(text):
    assert harmless(text) == "'" + text and original(harmless(text)) == text


@pytest.mark.parametrize("text", ["+1 (206) 555-0101", "+12065550101", "+1 206 555 0101", "+44 20 7946 0958", "(206) 555-0101", "Ada", "",
                                  "'t Hooft", "a=b", "1+1", "206-555-0101", "+1 206-555-0101", "+1 206.555.0101"])  # fmt: skip
def test_telephones_and_words_stay_as_they_are(text):
    assert harmless(text) == text == original(text)


@given(st.text(alphabet=st.sampled_from(list("=+-@'\" \t\n\u00a0\u200b12(a")), max_size=6) | st.text(max_size=12))
def test_what_leaves_comes_back_and_never_begins_a_formula(text):
    told = harmless(text)
    assert original(told) == text
    first = next((c for c in told if unicodedata.category(c)[0] not in "ZC" and c != '"'), "")
    assert first not in tuple("=-@") and (first != "+" or told[0] == "+")
