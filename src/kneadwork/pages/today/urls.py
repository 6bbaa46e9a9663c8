"""Addresses of Today."""

from django.urls import path

from kneadwork.pages.today import steps, today

app_name = "today"
urlpatterns = [
    path("", today.page, name="page"),
    path("week", today.week, name="week"),
    path("steps/<ref:connection_id>/<slug:step>/do", steps.page, name="step"),
    path("steps/<ref:connection_id>/<slug:step>", today.outcome, name="outcome"),
]
