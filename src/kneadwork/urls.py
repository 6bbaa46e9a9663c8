"""Where everything is found."""

from django.urls import include, path, register_converter

from kneadwork.common.ids import Converter

register_converter(Converter, "ref")

urlpatterns = [
    path("account/", include("allauth.urls")),
]
