"""May health information leave the practice? So far everything that names a client to anybody else is refused.

Source of the rule: PRODUCT.md rule 8, deny by default; the rules with their citations (privacy_rules.yaml) come with the
referral loop, which brings the authorizations that they need.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisclosureAnswer:
    """Whether it may go, and on what basis."""

    allowed: bool
    rule: str
    basis: str


def may_disclose(*, about_client: bool, recipient_is_the_client: bool) -> DisclosureAnswer:
    """Nothing about a client goes to anybody but that client; what is about no client is no disclosure."""
    if not about_client:
        return DisclosureAnswer(True, "names no client", "no disclosure")
    if recipient_is_the_client:
        return DisclosureAnswer(True, "the person's own", "law")
    return DisclosureAnswer(False, "deny by default", "house rule")
