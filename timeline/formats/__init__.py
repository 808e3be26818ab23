"""How data goes out: one writer for each format, from public values alone.

A writer takes what a room that faces the public has already decided to show; it knows no request
and asks the database for nothing.
"""
