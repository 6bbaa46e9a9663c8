"""Credentials as people write them behind a name."""

import pytest

from kneadwork.facts import credentials


@pytest.mark.parametrize(("name", "profession", "medical"), [
    ("Amara Lindqvist, DC", "chiropractor", True), ("Amara Lindqvist D.C.", "chiropractor", True),
    ("Kofi Osei MD", "", True), ("Kofi Osei", "", False), ("KIM DO", "", False), ("JOHN VAN DO", "", False),
])  # fmt: skip
def test_what_stands_behind_a_name_says_what_they_do(name, profession, medical):
    found = credentials.behind(name)
    assert credentials.profession_of(found) == profession and credentials.are_medical(found) is medical


def test_a_name_is_compared_as_it_is_said():
    said = {credentials.bare(n) for n in ("Dr. Kofi Adeyemi", "Kofi Adeyemi, DPT", "Kofi Adeyemi DPT", "kofi adeyemi")}
    assert said == {"kofi adeyemi"}
    assert credentials.bare("Kim Do") == "kim do"


@pytest.mark.parametrize(("name", "said"), [
    ("Roe, Mark, MD", "mark roe"), ("SMITH, JOHN", "john smith"), ("Smith, Jane", "jane smith"),
    ("John Lee, Jr.", "john lee jr"), ("John Lee Jr.", "john lee jr"), ("Amy Poe, FNP-BC", "amy poe"),
    ("Anna Do, MD, PhD", "anna do"), ("Dr. Lindqvist", "lindqvist"),
])  # fmt: skip
def test_a_given_name_behind_a_comma_is_no_credential(name, said):
    assert credentials.bare(name) == said
