"""Business cards from photographs: `reading.read(front, back)` is the door, `reading.record_of` the way into the one pipeline."""
