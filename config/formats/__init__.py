"""How days and moments are written in each language; Django asks for these by ``DATE_FORMAT`` and
the like. Dates of events are ``timeline.dates``'s."""
