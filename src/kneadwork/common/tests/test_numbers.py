"""What counts as a number in a field."""

import pytest

from kneadwork.common.numbers import LARGEST, decimal, whole

NONE = ["", "²", "１", "٣", "nan", "inf", "1e999", "-1", "1_0", "+1", "1,5", "9" * 30, "9" * 5000, "abc", "1 0", "0x1"]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_number_is_none(text):
    assert whole(text) is None and decimal(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), (" 12 ", 12), (str(LARGEST), LARGEST), (str(LARGEST + 1), None)]
)
def test_whole_numbers_that_fit_a_column(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("2.5", 2.5), (" 10 ", 10), ("2.", None), (".5", None)])
def test_numbers_with_decimals(text, number):
    assert decimal(text) == number
