"""The pages of the neighbourhood: the map, a walk on the phone and on paper, hours, what is around."""

from __future__ import annotations

import io
import re
from datetime import datetime, time

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kneadwork.common import jobs
from kneadwork.common.models import Job
from kneadwork.exchange.models import Import
from kneadwork.network import dropping_in, listing, mapping, resting, vetting
from kneadwork.network.models import Connection, Touch, Walk
from kneadwork.planning import walks
from kneadwork.practice.models import Role
from tests.builders import TODAY, a_connection, a_member, do_jobs
from tests.test_walk import START, a_shop


@pytest.fixture
def therapist(client, owner):
    client.force_login(owner.user)
    return client


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def on_map(**filters) -> mapping.View:
    window = mapping.Window(47.61, -122.33, 6500)
    return mapping.view(listing.read_filters(filters), window, on=TODAY, all_streams=True)


# The map


def test_whoever_is_near_each_other_is_one_cluster_and_nobody_is_lost(practice):
    for n in range(12):
        a_shop(f"Shop {n}", metres_north=n * 3)
    a_shop("Far away", metres_north=90_000)
    lone = a_shop("Alone", metres_north=1500)
    a_connection("Nowhere")
    shown = on_map()
    assert [c.count for c in shown.clusters][0] >= 6 and sum(c.count for c in shown.clusters) == shown.total == 13
    assert [c.only for c in shown.clusters if c.only] == [lone] and shown.nowhere == 1
    for cluster in shown.clusters:
        assert 0 <= cluster.x <= mapping.WIDTH and 0 <= cluster.y <= mapping.HEIGHT


def test_the_map_takes_the_filters_of_the_list(therapist, practice):
    a_shop("Inn of Ewes", profession="hotel")
    a_shop("Barbell", profession="gym", metres_north=300)
    page = text(therapist.get(reverse("network:map") + "?profession=hotel"))
    assert "Inn of Ewes" in page and "Barbell" not in page and "?profession=hotel&amp;at=" in page
    assert reverse("network:map") + "?profession=hotel" in text(
        therapist.get(reverse("network:list") + "?profession=hotel")
    )


@pytest.mark.parametrize(
    "at, span", [("nan,1", "1"), ("91,0", "x"), ("1", "-5"), ("1,2,3", "1e400"), ("47.6,-122.3", "0")]
)
def test_an_address_that_means_no_place_shows_the_usual_one(therapist, at, span):
    assert "Closer" in text(therapist.get(reverse("network:map"), {"at": at, "span": span}))


def test_a_filter_that_is_none_is_said(therapist):
    assert therapist.get(reverse("network:map") + "?stage=nonsense").status_code == 400


def test_a_practice_that_knows_no_place_is_told_what_to_bring(therapist, practice):
    from kneadwork.practice.models import Practice

    Practice.objects.filter(pk=practice.pk).update(latitude=None, longitude=None)
    assert "Nothing is on the map yet" in text(therapist.get(reverse("network:map")))


def test_a_helper_sees_no_client_on_the_map_nor_their_number(client, owner):
    a_shop("A client", stream="clients")
    a_shop("Barbell", metres_north=4)
    client.force_login(a_member(owner, Role.HELPER).user)
    page = text(client.get(reverse("network:map")))
    assert "A client" not in page and "One here" in page


def test_the_map_and_a_walk_ask_as_often_for_many_as_for_few(therapist, owner, practice):
    def counted(address) -> int:
        therapist.get(address)
        with CaptureQueriesContext(connection) as queries:
            text(therapist.get(address))
        return len(queries)

    def walk_of(names) -> str:
        stops = [walks.Stop(c, c.latitude, c.longitude, START, START, None) for c in names]
        plan = walks.Plan(stops, START, practice.place, 10, 0, 0)
        return reverse("network:walk", args=[walks.keep(plan, practice, minutes=90, query="", by=owner).ref])

    few = [a_shop("Few 0"), a_shop("Few 1", metres_north=2400)]
    before = counted(reverse("network:map")), counted(walk_of(few))
    many = [a_shop(f"Shop {n}", metres_north=n * 60, hours="24/7") for n in range(25)]
    assert (counted(reverse("network:map")), counted(walk_of(many))) == before


# A walk


def asked(client, **given) -> str:
    """The address at which one waits for a walk that was asked for by its form."""
    answer = client.post(reverse("network:walks"), {"minutes": "90", "start": "2026-11-24T10:00"} | given)
    assert answer.status_code == 302
    return answer["Location"]


def planned(client, **given) -> str:
    """The address of a walk planned by its form."""
    waiting = asked(client, **given)
    do_jobs()
    answer = client.get(waiting)
    assert answer.status_code == 302
    return answer["Location"]


def test_a_walk_is_planned_in_the_background_and_the_page_says_how_far(therapist, practice):
    a_shop("Inn of Ewes")
    waiting = asked(therapist)
    page = text(therapist.get(waiting))
    assert "It begins in a moment" in page and "<progress" in page and not Walk.objects.exists()
    do_jobs()
    assert therapist.get(waiting)["Location"] == reverse("network:walk", args=[Walk.objects.get().ref])


def test_a_planning_that_is_stopped_or_done_twice_leaves_no_second_walk(therapist, practice):
    a_shop("Inn of Ewes")
    waiting = asked(therapist)
    therapist.post(waiting + "/stop")
    do_jobs()
    assert "Stopped, as you wished" in text(therapist.get(waiting)) and not Walk.objects.exists()
    planned(therapist)
    done = Job.objects.get(outcome__isnull=False)
    Job.objects.filter(pk=done.pk).update(ended_at=None, lease_until=None)  # its worker was killed before it said so
    jobs.run(done.practice_id, done.pk)
    assert Walk.objects.count() == 1


def test_what_somebody_asked_for_is_nobody_elses_to_read(therapist, owner, client):
    waiting = asked(therapist, to="q=canary")
    client.force_login(a_member(owner, Role.HELPER).user)
    assert client.get(waiting).status_code == 404 == client.post(waiting + "/stop").status_code


def test_the_form_proposes_the_next_working_slot_and_the_minutes_of_last_time(therapist, owner, practice):
    for said, proposed in [
        ("2026-11-24T23:40:10", "2026-11-25T10:00"), ("2026-11-24T06:30:00", "2026-11-24T10:00"), ("2026-11-24T10:16:20", "2026-11-24T10:30"),
        ("2026-11-24T10:15:00", "2026-11-24T10:15"), ("2026-11-24T10:15:01", "2026-11-24T10:30"), ("2026-11-27T15:50:00", "2026-11-30T10:00"),
        ("2026-11-28T12:00:00", "2026-11-30T10:00"), ("2026-11-24T07:50:00", "2026-11-24T08:00"),
    ]:  # fmt: skip
        assert walks.next_start(datetime.fromisoformat(said)).isoformat()[:16] == proposed
    assert 'name="minutes" inputmode="numeric" value="90"' in text(therapist.get(reverse("network:walks")))
    a_shop("Inn of Ewes")
    planned(therapist, minutes="45")
    assert 'name="minutes" inputmode="numeric" value="45"' in text(therapist.get(reverse("network:walks")))


def test_a_walk_is_planned_taken_along_and_logged_with_one_tap(therapist, practice):
    inn = a_shop("Inn of Ewes", profession="hotel", hours="Tu 09:00-17:00")
    a_shop("Nobody knows", profession="office", metres_north=200)
    address = planned(therapist)
    page = text(therapist.get(address))
    assert (
        page.index("Inn of Ewes") < page.index("Nobody knows")
        and "open 09:00–17:00" in page
        and "hours not known" in page
    )
    assert "Gift certificates" in page and "What do guests ask for" in page and "OpenStreetMap contributors" in page
    stop = Walk.objects.get().stops.get(connection=inn)
    tap = reverse("network:walk_visited", args=[Walk.objects.get().ref, stop.ref])
    page = text(therapist.post(tap, follow=True))
    assert "Noted: Inn of Ewes." in page and page.count("I was there</button>") == 1 and "✓ seen" in page
    assert Touch.objects.get().channel == "visit" and "Noted already" in text(therapist.post(tap, follow=True))
    assert Touch.objects.count() == 1
    therapist.post(re.search(r'action="([^"]+/undo[^"]*|[^"]*undo[^"]*)"', page)[1])
    assert not Touch.objects.exists() and "✓ seen" not in text(therapist.get(address))


def test_the_walk_on_paper_is_tagged_and_holds_every_stop(therapist, practice):
    for n in range(8):
        a_shop(f"Shop {n} 山 <b>#", metres_north=n * 40)
    answer = therapist.get(planned(therapist) + ".pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) and len(pdf.pages) >= 1
    assert answer["Content-Type"] == "application/pdf" and Walk.objects.get().stops.count() == 8


def test_who_is_left_in_peace_since_goes_from_page_paper_and_tap(therapist, owner, practice):
    shop = a_shop("Shop")
    address = planned(therapist)
    stop = Walk.objects.get().stops.get()
    resting.stop(shop, on=TODAY, how="said so", by=owner)
    assert "Nobody is left on this walk" in text(therapist.get(address))
    answer = therapist.post(reverse("network:walk_visited", args=[Walk.objects.get().ref, stop.ref]), follow=True)
    assert "no longer on the walk" in text(answer) and not Touch.objects.exists()


def test_flagged_connections_are_never_planned_by_a_page(therapist, owner, practice):
    vetting.raise_flag(a_shop("Flagged"), "over-treating", on=TODAY, by=owner)
    waiting = asked(therapist, to="q=Flagged")
    do_jobs()
    page = text(therapist.get(waiting))
    assert "A red flag is open about Flagged" in page and 'value="q=Flagged"' in page and not Walk.objects.exists()


def test_a_walk_warns_of_who_was_flagged_since(therapist, owner, practice):
    shop = a_shop("Inn of Ewes")
    a_shop("Barbell", metres_north=150)
    address = planned(therapist)
    assert "red flag" not in text(therapist.get(address))
    vetting.raise_flag(shop, "over-treating", on=TODAY, by=owner)
    page = text(therapist.get(address))
    assert page.index("No longer on this walk:") < page.index("Inn of Ewes") < page.index("⚠ red flag")


def test_drop_in_times_are_shown_at_the_stop_with_whom_to_ask_for(therapist, owner, practice):
    shop = a_shop("Ray Chiropractic", stream="medical", hours="Tu 08:00-18:00")
    dropping_in.keep(shop, 1, begins=time(10, 30), ends=time(11), ask_for="Dana at the desk", by=owner)
    address = planned(therapist)
    page = text(therapist.get(address))
    assert "open to colleagues 10:30–11:00" in page and "Ask for <strong>Dana at the desk</strong>" in page
    assert therapist.get(address + ".pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "given, words",
    [
        ({"minutes": "two"}, "from 5 to 720 minutes"), ({"start": "noon"}, "is no time"), ({"near": "nowhere"}, "nowhere"),
        ({"to": "foo=bar"}, "no filter"), ({"latitude": "x", "longitude": "y"}, "neither a ZIP code"),
    ],
)  # fmt: skip
def test_a_walk_that_cannot_be_keeps_what_was_typed_and_says_why(therapist, given, words):
    page = text(
        therapist.post(reverse("network:walks"), {"minutes": "90", "start": "2026-11-24T10:00", "to": "hotel"} | given)
    )
    assert words in page and f'value="{given.get("to", "hotel")}"' in page


def test_a_walk_from_the_list_takes_its_filters_and_a_forgotten_one_comes_back(therapist, practice):
    a_shop("Inn of Ewes", profession="hotel")
    a_shop("Barbell", profession="gym", metres_north=150)
    address = planned(therapist, to="profession=hotel", near="47.61,-122.33")
    assert [s.connection.name for s in Walk.objects.get().stops.all()] == ["Inn of Ewes"]
    page = text(therapist.post(address + "/forget", follow=True))
    assert not Walk.objects.exists()
    therapist.post(re.search(r'action="([^"]*undo[^"]*)"', page)[1])
    assert Walk.objects.get().stops.count() == 1


def test_somebody_removed_leaves_the_walk(therapist, owner, practice):
    from kneadwork.network import connections

    shop = a_shop("Shop")
    address = planned(therapist)
    connections.remove([shop], by=owner)
    assert "Nobody is left" in text(therapist.get(address))


# Hours and what is around


def test_hours_are_written_on_somebodys_page_and_the_map_is_credited(therapist):
    shop = a_shop("Shop", hours="Mo 09:00-17:00")
    address = reverse("network:connection", args=[shop.ref])
    page = text(therapist.get(address))
    assert "Mo 09:00-17:00" in page and "says the map" in page and page.count("OpenStreetMap contributors") == 1
    therapist.post(reverse("network:record", args=[shop.ref, "hours"]), {"hours": "Tu 10:00-12:00"})
    assert "you wrote" in text(therapist.get(address))
    page = text(therapist.post(reverse("network:record", args=[shop.ref, "hours"]), {"hours": "whenever"}, follow=True))
    assert "are no hours" in page


def test_the_list_credits_the_map_where_its_places_show_and_nowhere_else(therapist):
    a_connection("By hand")
    assert "OpenStreetMap" not in text(therapist.get(reverse("network:list")))
    a_shop("Shop", hours="24/7")
    assert "OpenStreetMap contributors" in text(therapist.get(reverse("network:list")))


def test_one_button_asks_what_is_around(therapist, owner):
    answer = therapist.post(reverse("network:import_around"), {"around": "0.5", "kind": ["hotel", "nonsense"]})
    batch = Import.objects.get()
    assert answer["Location"] == reverse("network:import_preview", args=[batch.ref])
    assert batch.options == {"near": [47.61, -122.33], "within_miles": 0.5, "professions": ["hotel"]}


def test_a_map_file_dropped_on_the_page_is_not_cut_to_medical_professions(therapist, owner, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.places import a_map, a_place

    data = a_map(tmp_path / "m", a_place(1, "Barbell", leisure="fitness_centre")).read_bytes()
    therapist.post(
        reverse("network:import"),
        {"file": SimpleUploadedFile("town.osm", data), "profession": "chiropractor", "miles": "10"},
    )
    do_jobs()
    batch = Import.objects.get()
    assert batch.counts == {"created": 1}
    page = text(therapist.get(reverse("network:import_preview", args=[batch.ref])))
    assert "Barbell" in page and "OpenStreetMap contributors" in page and not Connection.objects.exists()


def test_a_walk_begins_when_the_form_says_in_the_practices_time(therapist, practice):
    a_shop("Shop")
    planned(therapist)
    from zoneinfo import ZoneInfo

    assert Walk.objects.get().starts_at.astimezone(ZoneInfo(practice.time_zone)).replace(tzinfo=None) == datetime(
        2026, 11, 24, 10
    )
