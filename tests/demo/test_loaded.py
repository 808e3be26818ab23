"""The copy of the demo that tests start from is the demo."""

import pytest
from django.db import transaction

from tests.loaded import demo_record, read_rows
from timeline.index import Selection, answer, live
from timeline.models import Event


def values(rows):
    return {
        model.__name__: [
            {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            for row in each
        ]
        for model, each in rows.items()
    }


@pytest.mark.django_db
def test_the_copy_is_what_was_loaded():
    with transaction.atomic():
        demo_record()
        loaded = values(read_rows())
        found = answer(Selection(q="kursk"))
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    live.forget()
    demo_record()
    assert values(read_rows()) == loaded
    assert answer(Selection(q="kursk")) == found
    assert found.total > 50
    assert Event.objects.create(title="Next", date="2024", slug="next").pk > 153
