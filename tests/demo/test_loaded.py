"""The copy of the demo that tests start from is the demo."""

import pytest
from django.db import transaction

from tests.loaded import demo_as_loaded, demo_record, values
from timeline.index import Selection, answer, live
from timeline.models import Event


@pytest.mark.django_db
def test_the_copy_is_what_was_loaded():
    with transaction.atomic():
        demo_record()
        found = answer(Selection(q="kursk"))
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    live.forget()
    demo_record()
    assert values() == demo_as_loaded()
    assert answer(Selection(q="kursk")) == found
    assert found.total > 50
    assert Event.objects.create(title="Next", date="2024", slug="next").pk > 153
