"""Addresses of the referrals."""

from django.urls import path

from kneadwork.pages.referrals import listing

app_name = "referrals"
urlpatterns = [
    path("referrals", listing.page, name="list"),
    path("referrals/<ref:referral_id>/remove", listing.remove, name="remove"),
]
