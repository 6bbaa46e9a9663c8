"""Connections and all that is known of them."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Registered as `network`."""

    name = "kneadwork.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what keeps the words for searching true, and then the offices, which go by them."""
        from kneadwork.network import searching  # noqa: F401, I001
        from kneadwork.network import offices  # noqa: F401
