"""Derived rows: where each connection stands, and the words by which it is found."""

from django.db import models

from kneadwork.common.tenancy import PracticeModel
from kneadwork.network.models.connections import Connection


class Standing(PracticeModel):
    """Where each connection stands, kept for the list and Today: derived, written by `planning.keeping` alone.

    The columns ending in `_open` and the next step are what a member without the right to see referrals and clients gets;
    `thanks_due` is shown to those who have it alone. `holds` names the kinds of records there are about the connection, so
    that its page need not look for others; null where that is not known yet.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="standing")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    stream = models.CharField(max_length=10)
    profession = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=10)
    stage_open = models.CharField(max_length=10)
    distance_m = models.FloatField(null=True)
    last_touch_on = models.DateField(null=True)
    likely = models.FloatField(default=0)
    likely_open = models.FloatField(default=0)
    good = models.FloatField(null=True)
    rank = models.FloatField(default=0)
    rank_open = models.FloatField(default=0)
    next_key = models.CharField(max_length=60, blank=True)
    next_kind = models.CharField(max_length=10, blank=True)
    next_due = models.DateField(null=True)
    next_minutes = models.PositiveSmallIntegerField(default=0)
    next_value = models.FloatField(default=0)
    thanks_due = models.DateField(null=True)
    warning = models.CharField(max_length=20, blank=True)
    stopped = models.BooleanField(default=False)
    holds = models.TextField(null=True)
    as_of = models.DateField()
    changes_on = models.DateField(null=True)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "-rank", "name", "connection"], name="standing_by_rank"),
            models.Index(fields=["practice", "-rank_open", "name", "connection"], name="standing_by_rank_open"),
            models.Index(fields=["practice", "name", "connection"], name="standing_by_name"),
            models.Index(fields=["practice", "stream", "-rank", "name", "connection"], name="standing_of_stream"),
            models.Index(fields=["practice", "stage", "-rank", "name", "connection"], name="standing_of_stage"),
            models.Index(
                fields=["practice", "profession", "-rank", "name", "connection"], name="standing_of_profession"
            ),
            models.Index(fields=["practice", "-last_touch_on", "name", "connection"], name="standing_by_last_touch"),
            models.Index(fields=["practice", "-likely", "name", "connection"], name="standing_by_likely"),
            models.Index(fields=["practice", "-likely_open", "name", "connection"], name="standing_by_likely_open"),
            models.Index(fields=["practice", "-good", "name", "connection"], name="standing_by_good"),
            models.Index(fields=["practice", "last_touch_on", "stream"], name="standing_by_quiet"),
            models.Index(fields=["practice", "-next_value", "name", "next_due", "next_kind"], name="standing_by_worth"),
            models.Index(
                fields=["practice", "stream", "-next_value", "name", "next_due", "next_kind"],
                name="standing_by_balance",
            ),
            models.Index(fields=["practice", "next_key", "next_due"], name="standing_by_owed"),
            models.Index(fields=["practice", "changes_on"], name="standing_by_turn"),
            models.Index(fields=["practice", "thanks_due"], name="standing_by_thanks"),
        ]


class SearchWord(PracticeModel):
    """The words by which a connection is found: derived, written by `network.searching` alone."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="search_words")
    word = models.CharField(max_length=60)

    tracked = False

    class Meta(PracticeModel.Meta):
        indexes = [
            models.Index(fields=["practice", "word", "connection"], name="word_by_word"),
            models.Index(fields=["practice", "connection", "word"], name="word_by_connection"),
        ]
