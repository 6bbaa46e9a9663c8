"""Addresses of Today."""

from django.urls import path

from kneadwork.pages.today import today

app_name = "today"
urlpatterns = [
    path("", today.page, name="page"),
    path("steps/<ref:connection_id>/<slug:step>", today.outcome, name="outcome"),
]
