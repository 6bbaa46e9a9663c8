"""Where somebody is found and when they are open; walks through the neighbourhood."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import AboutConnection


class Place(AboutConnection):
    """A place on the map with its opening hours, as OpenStreetMap has it ("node/123"), or the hours that a hand wrote.

    `hours` is the raw text in the language of OpenStreetMap ("Mo-Fr 09:00-17:00"), "" where none are known; `osm` is ""
    for what was written by hand, and such hours count before the map's.
    """

    osm = models.CharField(max_length=24, blank=True)
    version = models.PositiveIntegerField(default=0)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    hours = models.CharField(max_length=400, blank=True)
    noted_at = models.DateTimeField()

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "osm"], name="place_by_osm")]


class Walk(PracticeModel):
    """A planned walk: where and when it begins, how long it may take, how far it is (metres walked)."""

    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    query = models.CharField(max_length=400, blank=True)
    metres = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("practice.Member", on_delete=models.DO_NOTHING, null=True, related_name="+")

    class Meta(PracticeModel.Meta):
        indexes = [models.Index(fields=["practice", "starts_at"], name="walk_by_start")]


class WalkStop(AboutConnection):
    """One stop of a walk: when, and the hours of that day as text ("" where they are not known)."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    arrive = models.DateTimeField()
    leave = models.DateTimeField()
    hours = models.CharField(max_length=100, blank=True)

    moves_standing = False
