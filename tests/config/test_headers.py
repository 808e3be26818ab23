"""The same headers on whatever the site answers, and no cookie for readers."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.commands import PRODUCTION, python
from timeline.web import machines

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

# What is asked, and the status that makes it the kind of answer it is here for.
ANSWERS = {
    "page": ("get", "/healthz", {}, 200),
    "text": ("get", "/robots.txt", {}, 200),
    "not found": ("get", "/no/such/page", {}, 404),
    "nothing to post to": ("post", "/robots.txt", {}, 405),
    "nothing to delete": ("delete", "/no/such/page", {}, 405),
    "no such method": ("trace", "/admin/", {}, 405),
    "unknown host": ("get", "/robots.txt", {"headers": {"host": "elsewhere.example"}}, 400),
    "slash added": ("get", "/admin", {}, 301),
    "sign-in needed": ("get", "/admin/", {}, 302),
    "sign-in": ("get", "/admin/login/", {}, 200),
    "form without token": ("post", "/admin/login/", {}, 403),
    "static": ("get", "/static/admin/css/base.css", {}, 200),
    "no such static": ("get", "/static/none.css", {}, 404),
}


def ask(method, path, options):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = getattr(client, method)(path, **options)
    if response.streaming:
        response.close()  # the client leaves that to the reader
    return response


def assert_headers(response, *, staff=False):
    headers = response.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == (
        "same-origin" if staff else "strict-origin-when-cross-origin"
    )
    assert "Access-Control-Allow-Origin" not in headers
    assert (headers.get("Cache-Control") == "no-store") or not staff


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_the_headers(kind):
    method, path, options, status = ANSWERS[kind]
    response = ask(method, path, options)
    assert response.status_code == status
    assert_headers(response, staff=path.startswith("/admin/"))


def test_a_failure_has_the_headers(monkeypatch):
    def fail():
        raise RuntimeError("on purpose")

    monkeypatch.setattr(machines, "connection", type("Broken", (), {"cursor": staticmethod(fail)}))
    response = ask("get", "/healthz", {})
    assert response.status_code == 500
    assert_headers(response)
    assert b"on purpose" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/robots.txt", "/no/such/page"])
def test_readers_get_no_cookie_and_everybody_the_same(path):
    signed_in = Client()
    signed_in.force_login(get_user_model().objects.create_superuser("ada"))
    strange = Client(headers={"cookie": "dateline-session=made-up; dateline-csrf=x"})
    answers = [each.get(path) for each in (Client(), strange, signed_in)]
    for answer in answers:
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert len({(answer.content, tuple(answer.headers.items())) for answer in answers}) == 1


OVER_HTTPS = """
import json, django
django.setup()
from django.test import Client
ask = Client(headers={"host": "timeline.example.org"})
plain = ask.get("/robots.txt")
proxied = ask.get("/robots.txt", headers={"x-forwarded-proto": "https"})
probe = Client(headers={"host": "127.0.0.1:8000"}).get("/healthz")
sign_in = ask.get("/admin/login/", headers={"x-forwarded-proto": "https"})
from django.conf import settings
print(json.dumps({
    "plain": [plain.status_code, dict(plain.headers)],
    "proxied": [proxied.status_code, dict(proxied.headers)],
    "probe": probe.status_code,
    "cookies": [each.OutputString() for each in sign_in.cookies.values()],
    "session": settings.SESSION_COOKIE_NAME,
}))
"""


def test_an_https_site_says_so(tmp_path):
    done = python(
        "-c",
        OVER_HTTPS,
        DJANGO_SETTINGS_MODULE="config.settings",
        DATA_DIR=tmp_path,
        STATIC_HASHED=0,
        **PRODUCTION,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    status, headers = found["plain"]
    assert (status, headers["Location"]) == (301, "https://timeline.example.org/robots.txt")
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    status, headers = found["proxied"]
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert found["probe"] == 200
    assert found["session"].startswith("__Host-")
    (csrf,) = found["cookies"]
    assert csrf.startswith("__Host-dateline-csrf=")
    parts = {part.strip().split("=")[0]: part.strip() for part in csrf.split(";")}
    assert {"Secure", "HttpOnly"} <= parts.keys()
    assert (parts["Path"], parts["SameSite"]) == ("Path=/", "SameSite=Lax")
    assert "Domain" not in parts


def test_a_plain_site_promises_no_https(client):
    assert "Strict-Transport-Security" not in client.get("/robots.txt").headers


@pytest.mark.django_db
def test_only_the_desk_asks_who_is_there(client):
    assert not hasattr(client.get("/").wsgi_request, "session")
    assert not hasattr(client.get("/").wsgi_request, "user")
    assert client.get("/admin/login/").wsgi_request.user.is_anonymous
