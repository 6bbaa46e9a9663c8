"""The API's addresses, under /api/v1/."""

from kneadwork.api.app import patterns

app_name = "api"
urlpatterns = patterns()
