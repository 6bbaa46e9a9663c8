"""Addresses that need no sign-in."""

from django.urls import path

from kneadwork.pages.public import calendar, doors, health, stopping

app_name = "public"
urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(".well-known/security.txt", health.security, name="security"),
    path("welcome", doors.welcome, name="welcome"),
    path("welcome/<str:token>", doors.welcome, name="welcome_by_key"),
    path("sign-in/<str:token>", doors.sign_in, name="sign_in"),
    path("join/<str:token>", doors.join, name="join"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
    path("stop/<str:token>", stopping.page, name="stop"),
]
