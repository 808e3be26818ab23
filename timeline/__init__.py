"""Sourced chronologies: the record, how it changes, how it is read. Each package is a room."""
