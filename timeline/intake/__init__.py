"""How data comes in: a reader for each format makes drafts of records, one pipeline stores them.

A reader knows its format and nothing of the record that is there; the pipeline knows nothing of
formats. What is written is written by :mod:`timeline.editing`, in one transaction.
"""
