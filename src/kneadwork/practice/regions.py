"""The states, and the time zone most of each keeps (a first guess; the practice can change it)."""

import zoneinfo

from django.utils.translation import gettext_lazy as _

ZONES = {
    "America/New_York": "CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV",
    "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
}
#: As people there call them.
NAMES = {
    "America/New_York": _("Eastern"), "America/Chicago": _("Central"), "America/Denver": _("Mountain"),
    "America/Phoenix": _("Arizona"), "America/Los_Angeles": _("Pacific"), "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"), "America/Puerto_Rico": _("Atlantic (Puerto Rico)"), "Pacific/Guam": _("Guam"),
    "Pacific/Pago_Pago": _("American Samoa"),
}  # fmt: skip
_BY_STATE = {state: zone for zone, states in ZONES.items() for state in states.split()}
STATES = tuple(sorted(_BY_STATE))
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_choices(chosen: str = "") -> list[tuple]:
    """The zones of the states by name, then one place for each other zone of the world; the one in use is among them."""
    elsewhere = {z for z in zoneinfo.available_timezones() if z.split("/")[0] in REGIONS} - NAMES.keys() | {chosen} - {
        ""
    }
    others = [(z, z.replace("_", " ")) for z in sorted(elsewhere - NAMES.keys())]
    return [(_("United States"), list(NAMES.items())), (_("Elsewhere"), others)]


def time_zone_of(state: str) -> str:
    """The time zone of a state by its two letters; New York's where it is not known."""
    return _BY_STATE.get(state.upper(), "America/New_York")
