"""The API, version 1: the public record for programs, read only.

A list of events takes the page's parameters and gives the page's events, as the objects that every
export has. Parameters are declared once (:mod:`timeline.browse.described`, :mod:`parameters`),
and read, refused, described in OpenAPI and explained to people from there.
"""
