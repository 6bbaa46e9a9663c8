"""`kneadwork walk`: a walking route through the neighbourhood, in the shape that CONTRACTS.md names."""

from __future__ import annotations

import argparse
from datetime import datetime

from kneadwork.cli import practice as whose
from kneadwork.cli import values


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--near", metavar="WHERE", help="where it begins: a ZIP code or LAT,LON; left out: the practice's own place"
    )
    parser.add_argument(
        "--start", type=moment, metavar="TIME", help="local time such as 2026-11-24T10:00; left out: now"
    )
    parser.add_argument("--to", default="", metavar="QUERY", help="the list's filters; left out: the planner's choice")
    parser.add_argument("--minutes", type=values.number(5, 720), required=True, metavar="N")
    whose.add_option(parser)


def moment(text: str) -> datetime:
    """A local time in ISO 8601, without zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or "T" not in text.upper().replace(" ", "T"):
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no local time. Write it like 2026-11-24T10:00.")
    values.day(found.date().isoformat())
    return found


def run(args: argparse.Namespace) -> dict:
    """The route."""
    from kneadwork.cli.program import WrongUsage
    from kneadwork.facts.zips import NoSuchPlace, parse_where
    from kneadwork.network.listing import FilterRefused
    from kneadwork.outreach import offers
    from kneadwork.planning import walks

    with whose.acting(args, writing=False) as practice:
        try:
            near = parse_where(args.near) if args.near else None
            planned = walks.plan(practice, minutes=args.minutes, start=args.start, near=near, query=args.to)
        except (FilterRefused, NoSuchPlace) as refused:
            raise WrongUsage(str(refused))
        suited = offers.suited()
        stops = [document(stop, suited(stop.connection.profession)) for stop in planned.stops]
        return {"stops": stops, "minutes": planned.minutes, "metres": planned.metres}


def document(stop, suits) -> dict:
    """One stop; `open` are the hours of that day, drop-in times before all others; null where not known."""
    return {
        "connection": stop.connection.ref, "name": stop.connection.name, "lat": stop.lat, "lon": stop.lon,
        "arrive": stop.arrive.isoformat(), "leave": stop.leave.isoformat(), "open": stop.open,
        "ask_for": stop.ask_for or None, "offer": suits[0].key if suits else None,
    }  # fmt: skip


def show(document_: dict) -> None:
    """In words."""
    for stop in document_["stops"]:
        opened = f"open {stop['open']}" if stop["open"] else "hours not known"
        opened += f"; ask for {stop['ask_for']}" if stop["ask_for"] else ""
        offer = f"; offer: {stop['offer'].replace('_', ' ')}" if stop["offer"] else ""
        print(f"{stop['arrive'][11:16]}–{stop['leave'][11:16]}  {stop['name']} ({opened}{offer})")
    if not document_["stops"]:
        print("Nobody can be seen on this walk: nobody is open then, or near enough.")
        return
    print(
        f"{len(document_['stops'])} stops, {document_['minutes']} minutes, {document_['metres']} metres on foot. Distances are "
        "straight lines times 1.3; the way back is not counted."
    )
    print("Places from the map: © OpenStreetMap contributors.")
