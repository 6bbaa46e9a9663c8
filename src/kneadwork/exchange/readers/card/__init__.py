"""Business cards from photographs: `reading.read(front, back)` is the door."""
