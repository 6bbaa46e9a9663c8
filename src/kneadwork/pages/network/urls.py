"""Addresses of the network."""

from django.urls import path

from kneadwork.pages.network import (
    adding,
    connections,
    giving,
    importing,
    lettering,
    listing,
    merging,
    previewing,
    records,
    trusting,
)

app_name = "network"
urlpatterns = [
    path("network", listing.page, name="list"),
    path("network/bulk", listing.bulk, name="bulk"),
    path("network/add", adding.page, name="add"),
    path("network/removed", connections.removed, name="removed"),
    path("network/import", importing.page, name="import"),
    path("network/import/find", importing.find, name="import_find"),
    path("network/import/<ref:import_id>", previewing.page, name="import_preview"),
    path("network/import/<ref:import_id>/columns", previewing.columns, name="import_columns"),
    path("network/import/<ref:import_id>/choose", previewing.choose, name="import_choose"),
    path("network/import/<ref:import_id>/give-up", previewing.give_up, name="import_give_up"),
    path("network/import/<ref:import_id>/stop", importing.stop, name="import_stop"),
    path("network/import/<ref:import_id>/keep", importing.keep, name="import_keep"),
    path("network/import/<ref:import_id>/undo", importing.undo, name="import_undo"),
    path("network/import/<ref:import_id>/rejects", previewing.rejects, name="import_rejects"),
    path("network/doubles", merging.page, name="doubles"),
    path("network/doubles/<ref:one_id>/<ref:other_id>", merging.pair, name="pair"),
    path("connections/<ref:connection_id>/like", merging.like, name="like"),
    path("network/letters", lettering.page, name="letters"),
    path("network/letters/look/<slug:key>", lettering.look, name="letters_look"),
    path("network/letters/<ref:batch_id>-labels.pdf", lettering.labels, name="letters_labels"),
    path("network/letters/<ref:batch_id>.pdf", lettering.pdf, name="letters_pdf"),
    path("network/letters/<ref:batch_id>/posted", lettering.posted, name="letters_posted"),
    path("connections/<ref:connection_id>", connections.page, name="connection"),
    path("connections/<ref:connection_id>/edit", connections.edit, name="edit"),
    path("connections/<ref:connection_id>/sources", connections.sources, name="sources"),
    path("connections/<ref:connection_id>/vetting", trusting.page, name="vetting"),
    path("connections/<ref:connection_id>/vetting/<ref:check_id>.png", trusting.photo, name="photo"),
    path("connections/<ref:connection_id>/introduce", giving.page, name="introduce"),
    path("connections/<ref:connection_id>/remove", connections.remove, name="remove"),
    path("connections/<ref:connection_id>/<slug:what>", records.create, name="record"),
]
