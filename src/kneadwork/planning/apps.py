"""Ranking and Today; keeps the derived rows."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Registered as `planning`; hangs the keeper of derived rows onto the end of every act."""

    name = "kneadwork.planning"
    label = "planning"

    def ready(self) -> None:
        """Register what keeps derived rows true."""
        from kneadwork.planning import keeping, turning  # noqa: F401
