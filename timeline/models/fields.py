"""Model fields that keep the record clean and its derived columns true.

Text is cleaned here once, on every path into the database; bounds of dates, folded names and
search tokens are derived here at each write, so that no form, import or command can forget to.
The rules themselves are in :mod:`timeline.text` and :mod:`timeline.dates`.
"""

import base64
import secrets
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from timeline import dates, text

if TYPE_CHECKING:
    Chars = models.CharField[str, str]
    Texts = models.TextField[str, str]
else:  # Django's fields take their types in the stubs only
    Chars = models.CharField
    Texts = models.TextField

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_ID_LENGTH = 8
_TO_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD)


class LineField(Chars):
    """One line of plain text: NFC, no control, bidi or invisible characters, white space folded."""

    def to_python(self, value: Any) -> Any:
        return None if value is None else text.clean_line(str(value))

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(self.to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class ParagraphField(Texts):
    """Plain text of several lines, cleaned like a line but for its line breaks; never longer than
    ``max_length``, which Django holds such texts to in forms only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> Any:
        return None if value is None else text.clean_text(str(value))

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(self.to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class LinkField(LineField):
    """An http or https address as given; anything else is refused with a sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = super().clean(value, model_instance)
        return checked_link(value) if value else value


def checked_link(value: str) -> str:
    """Return the cleaned link; raise ``ValidationError`` with the sentence of ``LinkError``."""
    try:
        return text.clean_url(value)
    except text.LinkError as error:
        raise ValidationError(str(error), code="link") from error


class EDTFField(LineField):
    """A date as EDTF text; writes its derived columns on the same row before each save.

    ``derives`` maps an attribute of :class:`timeline.dates.FuzzyDate` to the column that keeps
    it. An empty text empties them.
    """

    def __init__(self, *args: Any, derives: dict[str, str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        self.derives = derives or {}
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Read a newsroom form or EDTF and return EDTF."""
        value = self.to_python(value)
        if value:
            try:
                value = dates.read(value).edtf
            except dates.DateError as error:
                raise ValidationError(str(error), code="date") from error
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        date = dates.parse(value) if value else None
        for attribute, column in self.derives.items():
            setattr(model_instance, column, getattr(date, attribute) if date else None)
        return value


class FoldedField(Chars):
    """The folded form of another column, for autocomplete that ignores case and marks."""

    def __init__(self, *args: Any, of: str = "name", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = text.fold(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class TokensField(Texts):
    """The search tokens of other columns, each between spaces."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = text.search_tokens(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, value)
        return value


class PublicIdField(Chars):
    """Eight characters of Crockford base 32, drawn at the first save and never changed.

    Never from date, order or primary key, so that an address says nothing about what else exists.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=PUBLIC_ID_LENGTH, unique=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("max_length", "unique", "editable"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        manager = type(model_instance)._default_manager
        while not value:
            drawn = drawn_public_id()
            if not manager.filter(**{self.attname: drawn}).exists():
                value = drawn
        setattr(model_instance, self.attname, value)
        return value


def drawn_public_id() -> str:
    """A public id by chance. Whether something has it already is for the caller to see."""
    return drawn_public_ids(1)[0]


def drawn_public_ids(count: int) -> list[str]:
    """So many of them, which may be equal by chance."""
    # Five bytes are eight characters of five bits each.
    drawn = base64.b32encode(secrets.token_bytes(5 * count)).decode().translate(_TO_CROCKFORD)
    return [drawn[start : start + 8] for start in range(0, len(drawn), 8)]


class CountryField(Chars):
    """An ISO 3166-1 alpha-2 code in capitals, or empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("help_text", _("Two letters of ISO 3166, such as KR."))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        return None if value is None else text.clean_line(str(value)).upper()

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
            raise ValidationError(
                _("“%(value)s” is not a country code. Write two letters, such as KR."),
                params={"value": value},
            )


class LanguageField(Chars):
    """A language tag of BCP 47 in its usual spelling, such as ``en``, ``ko``, ``zh-Hant``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("help_text", _("A language tag, such as en, ko or pt-BR."))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        return None if value is None else text.clean_line(str(value))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        parts = value.split("-") if value else []
        plain = all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
        if parts and not (plain and parts[0].isalpha() and 2 <= len(parts[0]) <= 3):
            raise ValidationError(
                _("“%(value)s” is not a language tag. Write one such as en, ko or pt-BR."),
                params={"value": value},
            )
