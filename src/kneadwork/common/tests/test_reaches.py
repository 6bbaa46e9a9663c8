"""What is an e-mail address or a telephone, and what only looks like one."""

import pytest

from kneadwork.common.reaches import email_address, is_telephone


@pytest.mark.parametrize("text, address", [
    ("a@b.org", "a@b.org"), (" a@b.org, ", "a@b.org"), ("<a@b.org>", "a@b.org"), ("mailto:a@b.org", "a@b.org"),
    ("MAILTO:a@b.org?subject=hi", "a@b.org"), ("Ada Stone <a@b.org>", "a@b.org"), ('"Stone, Ada" <a@b.org>', "a@b.org"),
    ("tom@@broken", ""), ("tom@broken", ""), ("tom jones@b.org", ""), ("a@b.org\u2028Bcc: x@y.org", ""), ("a@b.org, c@d.org", ""),
    ("<a@b.org> <c@d.org>", ""), ("a<b@c.org", ""), ("", ""), ("n/a", ""), ("a" * 250 + "@b.org", ""), ("<" * 100_000, ""),
])  # fmt: skip
def test_an_address_is_one_or_nothing(text, address):
    assert email_address(text) == address


@pytest.mark.parametrize("text, good", [
    ("206-555-0101", True), ("555-0101", True), ("+49 30 1234567", True), ("1-800-FLOWERS", True), ("206 555 0101 ext 12", True),
    ("12", False), ("555", False), ("call me", False), ("", False), ("12 x 3456789", False),
])  # fmt: skip
def test_a_telephone_can_be_dialled(text, good):
    assert is_telephone(text) is good
