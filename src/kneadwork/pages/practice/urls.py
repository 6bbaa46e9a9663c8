"""Addresses of the practice's own pages."""

from django.urls import path

from kneadwork.pages.practice import calendars, checklists, history, home, people, playbooks, setting_up, you

app_name = "practice"
urlpatterns = [
    path("practice", home.page, name="home"),
    path("practice/setup", setting_up.page, name="setup"),
    path("practice/setup/<slug:step>", setting_up.step, name="setup_step"),
    path("practice/history", history.page, name="history"),
    path("practice/history/<ref:act_id>", history.entry, name="entry"),
    path("practice/undo/<ref:act_id>", home.undo, name="undo"),
    path("practice/calendars", calendars.page, name="calendars"),
    path("practice/calendars/new", calendars.new, name="calendar_new"),
    path("practice/calendars/feed", calendars.feed, name="calendar_feed"),
    path("practice/calendars/feed/end", calendars.end_feed, name="calendar_feed_end"),
    path("practice/calendars/<ref:source_id>", calendars.source, name="calendar"),
    path("practice/calendars/<ref:source_id>/reading", calendars.read, name="calendar_read"),
    path("practice/calendars/<ref:source_id>/chosen", calendars.choose, name="calendar_choose"),
    path("practice/calendars/<ref:source_id>/password", calendars.password, name="calendar_password"),
    path("practice/calendars/<ref:source_id>/remove", calendars.remove, name="calendar_remove"),
    path("practice/calendars/<ref:source_id>/entries", calendars.entries, name="calendar_entries"),
    path("practice/export", home.export, name="export"),
    path("practice/you", you.page, name="you"),
    path("practice/switch", you.switch, name="switch"),
    path("practice/people/invitations/<ref:invitation_id>", people.withdraw, name="withdraw"),
    path("practice/keys", people.keys, name="keys"),
    path("practice/keys/<ref:key_id>", people.end_key, name="end_key"),
    path("practice/people", people.page, name="people"),
    path("practice/people/<ref:member_id>", people.change, name="member"),
    path("practice/playbooks", playbooks.page, name="playbooks"),
    path("practice/playbooks/<slug:stream>", playbooks.book, name="playbook"),
    path("practice/checklists", checklists.page, name="checklists"),
    path("practice/checklists/<slug:stream>", checklists.one, name="checklist"),
    path("practice/signature", setting_up.signature, name="signature"),
]
