"""What the documents say is there: links lead somewhere, commands and pages named exist, nothing names a machine."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from kneadwork.cli.program import COMMANDS, _parser

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_there_are_documents():
    assert {"README.md", "CHANGELOG.md", "CONTRIBUTING.md"} <= {d.name for d in DOCUMENTS} and len(DOCUMENTS) > 15


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(document):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_command_and_option_named_exists(document):
    for line in re.findall(r"kneadwork ([a-z]+ ?[^`\n]*)", "\n".join(code(document))):
        command, *rest = line.split()
        if command not in COMMANDS:
            continue
        known = _parser(command).format_help() + _options_of(command)
        for option in [w for w in rest if w.startswith("--")]:
            assert option.split("=")[0] in known, f"kneadwork {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_test_and_source_file_named_exists(document):
    for name in re.findall(r"`((?:tests|src|scripts|bench)/[\w/.]+\.py)", document.read_text()):
        assert (ROOT / name).exists(), name


def test_no_document_names_a_machine_or_a_registry_of_packages():
    for document in DOCUMENTS:
        text = document.read_text()
        assert not re.search(r"/(work|root|home/\w+|tmp)/|pypi\.org|npmjs|farm-", text), document


def code(document: Path) -> list[str]:
    """What stands in backquotes or indented blocks."""
    text = document.read_text()
    return [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(.+)$", text, re.M)]


def _options_of(command: str) -> str:
    """The help of one command itself."""
    return _help_of(
        next(a for a in _parser(command)._actions if isinstance(a, argparse._SubParsersAction)).choices[command]
    )


def _help_of(parser: argparse.ArgumentParser) -> str:
    """A parser's help with that of what stands under it."""
    under = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return parser.format_help() + "".join(_help_of(one) for action in under for one in action.choices.values())
