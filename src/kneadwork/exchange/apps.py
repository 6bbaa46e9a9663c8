"""The one way in, and the way out in open formats."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registered as `exchange`."""

    name = "kneadwork.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
