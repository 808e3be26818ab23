"""Reading single settings from the environment: typed, with a sentence when a value is wrong.

Knows no setting by name except the secret key, which may be generated. Next: settings.py.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.functional import lazystr
from environ.fileaware_mapping import FileAwareMapping

SECRET_KEY_LENGTH = 50


class _Environment(environ.Env):  # type: ignore[misc]  # no types there
    """NAME_FILE=/path may stand for NAME, so that a secret needn't be in the environment."""

    ENVIRON = FileAwareMapping(cache=False)


_env = _Environment()


def text(name: str, default: str) -> str:
    return str(_env.str(name, default=default)).strip()


def switch(name: str, *, default: bool) -> bool:
    """1, true, yes, on against 0, false, no, off; anything else is an error, not a silent no."""
    written = text(name, "1" if default else "0").lower()
    if written in {"1", "true", "yes", "on"}:
        return True
    if written in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {written!r}; write 1 for yes or 0 for no.")


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    written = text(name, default)
    if written not in allowed:
        raise ImproperlyConfigured(f"{name} is {written!r}; it can be {' or '.join(allowed)}.")
    return written


def some_of(name: str, allowed: dict[str, str], *, always: str) -> list[tuple[str, str]]:
    """Some of the keys that are allowed, all unless they are named; with what they are called."""
    written = names(name, list(allowed))
    for each in written:
        if each not in allowed:
            raise ImproperlyConfigured(
                f"{name} has {each!r}; write some of {', '.join(allowed)}, separated by commas."
            )
    return [(key, word) for key, word in allowed.items() if key == always or key in written]


class _Said:
    """A text in several languages, the default one first."""

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def __str__(self) -> str:
        words = self._words
        return words.get(translation.get_language() or "") or next(iter(words.values()))


def said(name: str, default: dict[str, str]) -> str:
    """A text that may be given in further languages, NAME_KO for Korean: it then says itself in
    the language of the moment. One that was given in the first language only has no other."""
    first, *others = "en", "ko"
    own = text(name, "")
    words = {first: own} if own else dict(default)
    for code in others:
        if written := text(f"{name}_{code.upper()}", ""):
            words[code] = written
    return words[first] if len(words) == 1 else cast("str", lazystr(_Said(words)))


def names(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return [part for item in _env.list(name, default=default) if (part := str(item).strip())]


def frame_ancestors(name: str) -> list[str]:
    """Which sites may show something of ours in a frame, as a content security policy says it:
    everybody unless some are named, to which our own is added for previews; nobody with ``none``.
    """
    written = names(name, ["*"])
    if written == ["none"]:
        return ["'none'"]
    if written in ([], ["*"]):
        return ["*"]
    for each in written:
        if not re.fullmatch(r"(https?://)?(\*\.)?[\w.-]+(:\d+)?", each, re.ASCII):
            raise ImproperlyConfigured(
                f"{name} has {each!r}; write the addresses of sites separated by commas, such as "
                "https://news.example.org,https://*.example.com, or none, or * for all."
            )
    return ["'self'", *written]


def site_url(name: str, default: str) -> str:
    """The address of the site's front page without its last slash: scheme and host, no path."""
    written = text(name, default).rstrip("/")
    try:
        parts = urlsplit(written)
        parts.port  # noqa: B018  (raises for a port that is no number)
    except ValueError:
        parts = urlsplit("")
    whole = f"{parts.scheme}://{parts.netloc}" == written and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or not whole:
        raise ImproperlyConfigured(
            f"{name} is {written!r}; write the address under which readers reach the site, "
            "such as https://timeline.example.org, without a path."
        )
    return written


def database(name: str, default_file: Path) -> dict[str, Any]:
    """Django's database settings from a URL; without one, the SQLite file."""
    written = text(name, "")
    if not written:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": default_file}
    if not written.startswith(("sqlite://", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"{name} must begin with sqlite:/// or postgres://, for example "
            "postgres://dateline:password@localhost:5432/dateline."
        )
    return dict(_env.db_url_config(written))


def secret_key(folder: Path, *, generate: bool) -> str:
    """The key that signs sessions and forms: given, or (in demo mode) made once and kept."""
    given = text("SECRET_KEY", "")
    if given:
        if len(given) < SECRET_KEY_LENGTH or len(set(given)) < 5:
            raise ImproperlyConfigured(
                f"SECRET_KEY must be random and have at least {SECRET_KEY_LENGTH} characters; "
                f"make one with: {_MAKE_KEY}"
            )
        return given
    if not generate:
        raise ImproperlyConfigured(
            f"SECRET_KEY is not set. Set it to a long random text, made with: {_MAKE_KEY} "
            "(or set DEMO=1 to try Dateline out; the key is then kept in the data folder)."
        )
    return _kept_key(folder / "secret-key")


_MAKE_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"


def _kept_key(file: Path) -> str:
    """Read the key, or write it where only the owner can read; the first of two starters wins."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    if not file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as writing:
            writing.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was faster; its key is as good
        finally:
            draft.unlink()
    key = file.read_text(encoding="ascii").strip()
    if len(key) < SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{file} holds no usable key; delete it and start again (everybody is then signed out)."
        )
    return key
