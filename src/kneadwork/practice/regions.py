"""The states, and the time zone most of each keeps (a first guess; the practice can change it)."""

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
_BY_STATE = {state: zone for zone, states in ZONES.items() for state in states.split()}
STATES = tuple(sorted(_BY_STATE))


def time_zone_of(state: str) -> str:
    """The time zone of a state by its two letters; New York's where it is not known."""
    return _BY_STATE.get(state.upper(), "America/New_York")
