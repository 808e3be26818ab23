import numpy as np
from django.db import connection


def _q(table, term):
    with connection.cursor() as c:
        c.execute(
            f"SELECT id FROM {table} WHERE search_tokens LIKE %s ORDER BY id",
            ["%" + term.pattern + "%"],
        )
        return np.array([r[0] for r in c.fetchall()], np.int64)


def event_keys(term):
    return _q("timeline_event", term)


def source_keys(term):
    return _q("timeline_source", term)
