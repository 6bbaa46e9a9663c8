"""Connections and the plain records about them. A record exists or does not; where a connection stands is derived."""

from kneadwork.network.models.connections import (
    AboutConnection,
    Address,
    Client,
    Connection,
    ContactPoint,
    Kind,
    Provenance,
    Stage,
    Stream,
    Tag,
)
from kneadwork.network.models.contact import (
    Gift,
    Insight,
    Introduction,
    IntroductionSide,
    OpenHours,
    Postponement,
    Promise,
    Rest,
    Retirement,
    Slowing,
    Stop,
    Touch,
)
from kneadwork.network.models.kept import SearchWord, Standing
from kneadwork.network.models.likeness import MergeProposal, NotTheSame
from kneadwork.network.models.places import Place, Walk, WalkStop
from kneadwork.network.models.vetting import FitAnswer, Override, RedFlag, Verdict

__all__ = [
    "AboutConnection",
    "Address",
    "Client",
    "Connection",
    "ContactPoint",
    "FitAnswer",
    "Gift",
    "Insight",
    "Introduction",
    "IntroductionSide",
    "Kind",
    "MergeProposal",
    "NotTheSame",
    "OpenHours",
    "Override",
    "Place",
    "Postponement",
    "Promise",
    "Provenance",
    "RedFlag",
    "Rest",
    "Retirement",
    "SearchWord",
    "Slowing",
    "Stage",
    "Standing",
    "Stop",
    "Stream",
    "Tag",
    "Touch",
    "Verdict",
    "Walk",
    "WalkStop",
]
