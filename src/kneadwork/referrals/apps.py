"""People sent, and the asks for them."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Registered as `referrals`."""

    name = "kneadwork.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"
