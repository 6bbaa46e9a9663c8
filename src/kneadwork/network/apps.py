"""Connections and all that is known of them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NetworkConfig(AppConfig):
    """Registered as `network`."""

    name = "kneadwork.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what keeps the words for searching true, then the offices, which go by them, and what SQLite is told."""
        from kneadwork.network import searching  # noqa: F401, I001
        from kneadwork.network import offices  # noqa: F401
        from kneadwork.network import spread

        post_migrate.connect(spread.tell, sender=self)
