"""The rules of the models for many rows: what a form would refuse is refused here, in sentences.

Fields that hold their default are right already and are passed by; what derives from a field is
derived at once, so that whoever plans an import sees the row as it will be stored. Constraints
over several fields are the business of whoever builds the row.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _

from timeline.intake.drafts import Problem
from timeline.intake.tables import shown
from timeline.models.fields import (
    EDTFField,
    FoldedField,
    LineField,
    ParagraphField,
    TokensField,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """``longest`` is set for plain texts, of which nothing is asked but not to be longer."""

    name: str
    field: Any
    choices: frozenset[Any]
    default: Any
    small: bool
    longest: float


_SMALL = 2**15
"""Only PostgreSQL refuses a larger one by itself."""


@cache
def _rules(model: type[models.Model]) -> tuple[tuple[_Rule, ...], tuple[Any, ...]]:
    rules, deriving = [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, EDTFField):
            deriving.append(field)
        if field.primary_key or field.is_relation or isinstance(field, FoldedField | TokensField):
            continue
        if not field.editable:
            continue
        choices = frozenset(value for value, _label in field.flatchoices)
        default: Any = field.get_default() if field.blank or field.has_default() else ...
        small = isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField)
        rules.append(_Rule(field.name, field, choices, default, small, _longest(field)))
    return tuple(rules), tuple(deriving)


def _longest(field: Any) -> float:
    """How many characters a text may have; 0 where more is asked of it, or where it is none."""
    limits = [each for each in field.validators if isinstance(each, MaxLengthValidator)]
    plain = type(field) in (LineField, ParagraphField) and not field.choices
    if not plain or len(limits) < len(field.validators):
        return 0
    return min((each.limit_value for each in limits), default=math.inf)


def clean(thing: models.Model, row: int, where: str = "") -> list[Problem]:
    """Clean the thing's own fields in place; what is wrong, with ``where`` before the field."""
    found = []
    rules, deriving = _rules(type(thing))
    held = thing.__dict__
    for rule in rules:
        value = held[rule.name]
        if value == rule.default:
            continue
        if rule.longest and isinstance(value, str):
            cleaned = rule.field.to_python(value)
            if 0 < len(cleaned) <= rule.longest:
                held[rule.name] = cleaned
                continue
        if rule.choices and value in rule.choices:
            continue
        if rule.small and isinstance(value, int) and not -_SMALL <= value < _SMALL:
            sentence = _("This number is too large. Choose a smaller one.")
            found.append(Problem(row, f"{where}{rule.name}", shown(str(value)), sentence))
            continue
        try:
            held[rule.name] = rule.field.clean(value, thing)
        except ValidationError as error:
            sentence = _sentence(rule, value, error)
            found.append(Problem(row, f"{where}{rule.name}", shown(str(value)), sentence))
    if not found:
        for field in deriving:
            field.pre_save(thing, True)
    return found


def _sentence(rule: _Rule, value: Any, error: ValidationError) -> str:
    if rule.choices:
        return _("“%(value)s” is not among the choices: %(choices)s.") % {
            "value": shown(str(value)),
            "choices": ", ".join(str(each) for each in sorted(rule.choices)),
        }
    if value in (None, ""):
        return _("This is missing. Fill it in.")
    return " ".join(error.messages)
