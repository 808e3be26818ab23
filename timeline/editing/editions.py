"""Editions: a story told anew in a further language, begun from the original.

An edition is a draft of its own from its first moment, with the same steps and figures. What is
to be translated stands in it in the words of the original, which it can't be published with.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from timeline.editing import changes
from timeline.editing.publishing import StepRefused, User, sign
from timeline.editing.rows import again
from timeline.models import Story
from timeline.models.choices import ChangeKind, Status
from timeline.models.tongue import base, language_name

_A_NAME = 3
"""A text of this many words may be the same in two languages, as names and years are."""
_SHOWN, _LONGEST = 3, 40


@transaction.atomic
def begin(story: Story, language: str, *, by: User) -> Story:
    """A draft that tells the work of a story in another language, with its steps, periods and
    figures. Raises ``StepRefused`` where there is one already."""
    changes.begin()
    original = Story.objects.select_for_update(of=("self",)).get(pk=story.work)
    made = Story(
        translation_of=original,
        language=language,
        title=original.title,
        description=original.description,
        introduction=original.introduction,
        byline=original.byline,
        status=Status.DRAFT,
    )
    if sentence := made.wrong_edition():
        raise StepRefused(sentence)
    sign(made, by, new=True)
    # A title in another script makes no address.
    made.slug = made.free_slug(f"{original.slug[:68]}-{base(language)}")
    made.save()
    made.compared.set(original.compared.all())
    for row in (*original.steps.all(), *original.periods.all()):
        again(row, story=made)
    changes.note(ChangeKind.CREATED, made, *made.periods.all(), by=made.created_by_id)
    return made


def left(story: Story) -> list[tuple[str, str]]:
    """The languages of the site, by code and name, in which there is no edition yet."""
    there = {base(each.language) for each in Story.objects.of_work(story)}
    return [
        (code, language_name(code))
        for code, _own_name in settings.LANGUAGES
        if base(code) not in there
    ]


def left_to_translate(story: Story) -> list[str]:
    """What an edition still says in the words of its original: the beginnings of a few texts."""
    original = story.translation_of
    if original is None or base(original.language) == base(story.language):
        return []
    theirs = set(_texts(original))
    same = [each for each in _texts(story) if each in theirs and len(each.split()) > _A_NAME]
    return [each if len(each) <= _LONGEST else f"{each[:_LONGEST]}…" for each in same[:_SHOWN]]


def _texts(story: Story) -> Iterator[str]:
    yield from (story.title, story.description, story.introduction)
    for step in story.steps.all():
        yield from (step.heading, step.opening, step.note)
    for period in story.periods.all():
        yield from (period.title, period.note)
