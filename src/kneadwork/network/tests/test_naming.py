"""Names as people write them, and their parts as a letter needs them."""

import pytest

from kneadwork.network.naming import name_parts, renamed


@pytest.mark.parametrize(("name", "suffix", "credentials", "family"), [
    ("Amara Lindqvist, DC", "", "DC", "Lindqvist"), ("Maria Lopez, LCSW", "", "LCSW", "Lopez"),
    ("Kofi Adeyemi DPT", "", "DPT", "Adeyemi"), ("Ann Lee, D.C.", "", "D.C.", "Lee"),
    ("John Smith Jr., MD, PhD", "Jr.", "MD, PhD", "Smith"), ("John Smith III", "III", "", "Smith"),
    ("Kim Do", "", "", "Do"), ("Ana Ruiz", "", "", "Ruiz"),
])  # fmt: skip
def test_a_credential_is_no_generation(name, suffix, credentials, family):
    parts = name_parts(name)
    assert (parts["suffix"], parts["credentials"], parts["family"]) == (suffix, credentials, family)


@pytest.mark.parametrize(("old", "new", "by_hand", "expected"), [
    ("Jane Roe, DC", "Jane Poe, DC", {}, {"given": "Jane", "family": "Poe", "credentials": "DC"}),
    ("Roe Jane", "Jane Roe", {}, {"given": "Jane", "family": "Roe"}),
    ("Jane", "Jane Roe", {}, {"given": "Jane", "family": "Roe"}),
    ("Dr. Jane Roe, DC", "Jane Roe", {}, {"prefix": "Dr.", "credentials": "DC"}),
    ("Jane Roe, DC", "Jane Roe, DC, LMT", {}, {"credentials": "DC, LMT"}),
    ("Maria Gil Robles", "Mariah Gil Robles", {"middle": "", "family": "Gil Robles"}, {"given": "Mariah", "family": "Gil Robles"}),
    ("Jane Roe", "Jane Poe", {"credentials": "DC", "prefix": "Dr."}, {"family": "Poe", "credentials": "DC", "prefix": "Dr."}),
    ("Jane Roe", "Jane Poe", {"family": "Rowe"}, {"family": "Poe"}),
])  # fmt: skip
def test_the_parts_follow_a_corrected_name(old, new, by_hand, expected):
    parts = renamed(name_parts(old) | by_hand, old, new)
    assert {part: parts[part] for part in expected} == expected
