"""Where everything is found."""

from django.urls import include, path, re_path, register_converter

from kneadwork.common.ids import Converter
from kneadwork.pages.shell.accounts import closed

register_converter(Converter, "ref")

handler500 = "kneadwork.pages.shell.faults.went_wrong"
urlpatterns = [
    re_path(r"^account/(?:email/|confirm-email/|login/code/)", closed),  # doors of the library that lead nowhere here
    path("account/", include("allauth.urls")),
    path("api/v1/", include("kneadwork.api.urls")),
    path("", include("kneadwork.pages.public.urls")),
    path("", include("kneadwork.pages.today.urls")),
    path("", include("kneadwork.pages.network.urls")),
    path("", include("kneadwork.pages.referrals.urls")),
    path("", include("kneadwork.pages.practice.urls")),
]
