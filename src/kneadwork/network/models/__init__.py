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
from kneadwork.network.models.contact import Gift, Insight, Postponement, Promise, Rest, Retirement, Stop, Touch
from kneadwork.network.models.gathering import Card, CardDecision, CardReading, Event, HopedFor, PlannedStep
from kneadwork.network.models.kept import SearchWord, Standing
from kneadwork.network.models.likeness import MergeProposal, NotTheSame
from kneadwork.network.models.vetting import FitAnswer, RedFlag, Verdict

__all__ = [
    "AboutConnection",
    "Address",
    "Card",
    "CardDecision",
    "CardReading",
    "Client",
    "Connection",
    "ContactPoint",
    "Event",
    "FitAnswer",
    "Gift",
    "HopedFor",
    "Insight",
    "Kind",
    "MergeProposal",
    "NotTheSame",
    "PlannedStep",
    "Postponement",
    "Promise",
    "Provenance",
    "RedFlag",
    "Rest",
    "Retirement",
    "SearchWord",
    "Stage",
    "Standing",
    "Stop",
    "Stream",
    "Tag",
    "Touch",
    "Verdict",
]
