"""Where everything is found."""

from django.urls import include, path, register_converter

from kneadwork.common.ids import Converter

register_converter(Converter, "ref")

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("api/v1/", include("kneadwork.api.urls")),
    path("", include("kneadwork.pages.public.urls")),
    path("", include("kneadwork.pages.today.urls")),
    path("", include("kneadwork.pages.network.urls")),
    path("", include("kneadwork.pages.referrals.urls")),
    path("", include("kneadwork.pages.practice.urls")),
]
