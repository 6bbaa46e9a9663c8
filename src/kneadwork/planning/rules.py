"""Which rules the kept derived values follow: when a newer Kneadwork brings others, they are computed anew by themselves."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from kneadwork.common import derived
from kneadwork.common.tenancy import acting_in
from kneadwork.practice.models import Practice

#: What computes the kept values, and the data it goes by.
MODULES = (
    "facts.credentials", "facts.professions", "facts.zips", "network.addresses", "network.checklists", "network.folding", "network.history",
    "network.offices", "network.overriding", "network.searching", "network.stage_rules", "network.vetting", "planning.keeping", "planning.plan", "planning.playbooks",
    "planning.score", "referrals.asking_rules", "referrals.history",
)  # fmt: skip
DATA = (
    ("planning", "playbooks.yaml"), ("planning", "priors.yaml"), ("facts", "professions.yaml"),
    ("network", "checklists.yaml"), ("facts", "recognition.yaml"), ("referrals", "ask_conditions.yaml"), ("facts", "zcta_centroids.csv"), ("facts", "city_centroids.csv"),
)  # fmt: skip


@cache
def fingerprint() -> str:
    """SHA-256 of the rules as they stand in this version; the same for every practice."""
    digest = hashlib.sha256()
    for name in MODULES:
        digest.update(Path(str(import_module(f"kneadwork.{name}").__file__)).read_bytes())
    for package, name in DATA:
        digest.update(files(f"kneadwork.{package}").joinpath("data", name).read_bytes())
    return digest.hexdigest()


def follow() -> int:
    """See to it that what is kept follows the rules of this version; answers for how many practices it did not.

    Opens its own scopes: call outside of any. Many connections are left to a job, so that nobody waits.
    """
    behind = list(Practice.objects.exclude(rules=fingerprint()).values_list("pk", flat=True))
    for practice_id in behind:
        with acting_in(practice_id):
            derived.refresh_all()
            Practice.objects.filter(pk=practice_id).update(rules=fingerprint())
    return len(behind)
