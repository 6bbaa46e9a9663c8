"""What the API's tests share."""

import pytest

from kneadwork.api.tests.program import Program


@pytest.fixture
def program(owner) -> Program:
    """A program with the owner's key."""
    return Program(owner)
