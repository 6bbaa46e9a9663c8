"""Text that a spreadsheet would run as a formula is written so that it stays text, and read back as it was."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
_NUMBERS = set("0123456789 ()-.+")


def harmless(text: str) -> str:
    """The text with a leading apostrophe where it could be taken for a formula; telephones stay as they are."""
    if not text or not text.lstrip(' "\n').startswith(DANGEROUS):
        return text
    if text[0] == "+" and set(text) <= _NUMBERS:
        return text
    return "'" + text


def original(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(' "\n').startswith(DANGEROUS) else text
