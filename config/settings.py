"""Every setting, driven by the environment; the table in docs/running.md lists the variables.

Holds no behaviour: how a variable is read and refused is in environment.py, how SQLite is set up
in sqlite.py, which headers go out in headers.py.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined

from config import environment as env
from config import sqlite

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where we are ---------------------------------------------------------------------------

# DEMO=1: try it out on this machine. A key is made and kept, the address defaults to this machine.
DEMO = env.switch("DEMO", default=False)

# DEBUG=1: for work on the code only. Shows tracebacks to everybody.
DEBUG = env.switch("DEBUG", default=False)

# DATA_DIR: everything that must survive a restart (database, demo key, collected static files).
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().absolute()

SECRET_KEY = env.secret_key(DATA_DIR, generate=DEMO)

# --- The site -------------------------------------------------------------------------------

# SITE_URL: the address that readers use. https:// switches on everything that goes with it.
SITE_URL = env.site_url("SITE_URL", f"http://127.0.0.1:{env.text('PORT', '8000')}")
HTTPS = SITE_URL.startswith("https://")

# SITE_NAME_KO, SITE_HEADING_KO, SITE_DESCRIPTION_KO, LICENCE_KO: the same in Korean.
SITE_NAME = env.said("SITE_NAME", {"en": "Dateline"})
# SITE_HEADING, SITE_DESCRIPTION: headline of the first page and the sentence under it.
SITE_HEADING = env.said(
    "SITE_HEADING",
    {"en": "North Korea, from the summits to Kursk", "ko": "북한, 정상회담에서 쿠르스크까지"}
    if DEMO
    else {"en": str(SITE_NAME)},
)
SITE_DESCRIPTION = env.said(
    "SITE_DESCRIPTION",
    {
        "en": "Every dated step from the nuclear test of 2017, through three meetings of Trump and "
        "Kim, to the treaty with Russia and the soldiers sent against Ukraine, each tied to its "
        "sources.",
        "ko": "2017년 핵실험부터 트럼프와 김정은의 세 차례 만남을 거쳐 러시아와의 조약과 "
        "우크라이나 전선 파병까지, 모든 사건을 날짜와 출처와 함께 기록합니다.",
    }
    if DEMO
    else {"en": "A sourced chronology", "ko": "출처를 밝힌 연대기"},
)
# CONTACT: an e-mail address or a link, shown on the about page.
CONTACT = env.text("CONTACT", "")
# LICENCE: the terms of the site's own text, shown in the footer and in exports.
LICENCE = env.said("LICENCE", {"en": ""})

# EMBED_ANCESTORS: the sites that may show our embeds in a frame, separated by commas.
EMBED_ANCESTORS = env.frame_ancestors("EMBED_ANCESTORS")

# TWO_PEOPLE=1: who wrote an event last can't publish it; somebody else must.
TWO_PEOPLE = env.switch("TWO_PEOPLE", default=False)

# FETCH_LINKS=off: nothing is fetched from the web, neither pasted links nor to check them.
FETCH_LINKS = env.switch("FETCH_LINKS", default=True)

# TIMELINE_ORDER: how the timeline is sorted when a reader hasn't chosen; date is oldest first.
TIMELINE_ORDER = env.one_of("TIMELINE_ORDER", ("date", "-date"), "-date")

# ALLOWED_HOSTS: names the site answers to; this machine's own names serve health checks.
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or "", "127.0.0.1", "localhost", "[::1]"]
)

# BEHIND_PROXY: believe X-Forwarded-Proto. On with https, since `serve` speaks plain http to the
# proxy that holds the certificate; that proxy must overwrite the header. Host names are never
# taken from a forwarded header.
BEHIND_PROXY = env.switch("BEHIND_PROXY", default=HTTPS)

# --- Database -------------------------------------------------------------------------------

# DATABASE_URL: postgres://user:password@host:5432/name; through a socket in the folder
# /var/run/postgresql: postgres://user@//var/run/postgresql/name; or sqlite:////absolute/path.
_database = env.database("DATABASE_URL", DATA_DIR / "dateline.sqlite3")
if _database["ENGINE"].endswith("sqlite3"):
    # Drafts and password hashes are for the owner's eyes only.
    Path(_database["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Kept open: closing the last connection writes the whole log back into the file each time.
    _database |= {"OPTIONS": sqlite.connection_options(), "CONN_MAX_AGE": None}
    # A file, as in production, so that tests meet the same locks.
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # The same patience with locks as on SQLite, and no transaction left open by a lost process.
    _limits = {"lock_timeout": sqlite.TIMEOUT_SECONDS, "idle_in_transaction_session_timeout": 60}
    _written = " ".join(f"-c {name}={seconds}s" for name, seconds in _limits.items())
    _database.setdefault("OPTIONS", {}).setdefault("options", _written)
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES: dict[str, dict[str, Any]] = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Application ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "timeline.apps.TimelineConfig",
    "timeline.admin.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
]

MIDDLEWARE = [
    # Outermost, so that redirects, errors and static files carry the headers too.
    "config.headers.headers",
    # Before all that looks at a path.
    "config.languages.languages",
    "django.middleware.security.SecurityMiddleware",
    "config.readers.readers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.desk.Sessions",
    "django.middleware.common.CommonMiddleware",
    "config.desk.ForgedForms",
    "config.desk.Users",
    "config.desk.Messages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        # Public pages: templates/pages/list.html is "pages/list.html". The prefix keeps this
        # engine out of templates/admin, which belongs to the other one.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {
            "environment": "timeline.web.presentation.environment",
            "loader": PrefixLoader({"pages": FileSystemLoader(BASE_DIR / "templates" / "pages")}),
            "undefined": StrictUndefined,
            "autoescape": True,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.languages.switch",
            ],
        },
    },
]

# --- Accounts and cookies -------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"

# The __Host- prefix makes browsers refuse the cookie unless it is Secure and bound to this host;
# it works with https only.
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}dateline-session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_cookie_prefix}dateline-csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "timeline.admin.kept.csrf_failed"
# Messages would otherwise travel in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# An event with seventy sources and thirty figures sends some 1,500 fields; Django's limit of 1,000
# would refuse it and lose what was typed.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Transport and headers (the rest is in headers.py) --------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frames: headers.py forbids them
    "security.W003",  # forged forms: desk.py checks them, under another name than this looks for
]

# --- Static files ---------------------------------------------------------------------------

# STATIC_HASHED=0: serve straight from static/ without collecting; meant for tests and DEBUG.
STATIC_HASHED = env.switch("STATIC_HASHED", default=not DEBUG)
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static.HashedStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_HASHED
WHITENOISE_AUTOREFRESH = not STATIC_HASHED
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
# LANGUAGES: those that readers and staff are offered; English has no prefix, /ko/ is Korean.
LANGUAGES = env.some_of("LANGUAGES", {"en": "English", "ko": "한국어"}, always=LANGUAGE_CODE)
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
# TIME_ZONE: the desk's clock, for "published at". Dates of events have no zone.
TIME_ZONE = env.text("TIME_ZONE", "UTC")

# --- Log ------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"format": "%(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "json": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Without handlers of their own, so that each line is written once.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Each line is one JSON object, for programs that watch.
        "timeline.security": {"handlers": ["json"], "level": "INFO", "propagate": False},
    },
}
