"""One page of the web, fetched for an editor: few redirects, little time, few bytes, no traces.

Sends no cookie, no referrer and an honest name, takes no proxy from the environment, follows at
most three redirects, each checked like the first address. A failure is a sentence, never a crash:
whoever asked can still type what the page would have said. Next: internet.py, which addresses.
"""

import http.client
import io
import socket
import ssl
import time
import zlib
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from timeline import text
from timeline.intake import internet, turns
from timeline.intake.internet import Net, Refused, Target, Unreachable

CONNECT_SECONDS = 5.0
SECONDS = 10.0
MOST_BYTES = 2_000_000
MOST_REDIRECTS = 3
HTML = frozenset({"text/html", "application/xhtml+xml"})
_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_PIECE = 65_536

PUBLIC_NET = Net()


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at the end of an address. ``moved`` when every redirect there was for good."""

    url: str
    status: int
    media_type: str = ""
    charset: str = ""
    body: bytes = b""
    redirects: int = 0
    moved: bool = False


def page(url: str, *, net: Net | None = None) -> Answer:
    """The page of HTML at this address. Raises ``Refused`` with a sentence when there is none."""
    if not settings.FETCH_LINKS:
        raise Refused(_("This site fetches no pages (FETCH_LINKS is off). Fill it in by hand."))
    with turns.one():
        answer = ask(url, net=net)
    if answer.status != HTTPStatus.OK:
        raise Refused(_refusal(answer.status))
    return answer


def _joined(asked: str, location: str) -> str:
    try:
        return urljoin(asked, location)
    except ValueError as error:
        raise Refused(_("This address leads to one that is none. Fill it in by hand.")) from error


def _refusal(status: int) -> str:
    if status in (401, 402, 403, 429, 451):
        said = _("The site doesn't show this page to programs (%(status)s). Fill it in by hand.")
    elif status in (404, 410):
        said = _("The site says that there is no such page (%(status)s). Check the address.")
    else:
        said = _("The site answered with an error (%(status)s). Try again later.")
    return said % {"status": status}


def ask(url: str, *, method: str = "GET", most: int = MOST_BYTES, net: Net | None = None) -> Answer:
    """What the address answers, whatever the status; a body only of a page of HTML.

    With ``most`` 0 no body is read, and anything may stand at the address.
    Raises ``Refused`` for an address that isn't asked or an answer that isn't taken,
    ``Unreachable`` when none came.
    """
    net = net or PUBLIC_NET
    deadline = time.monotonic() + SECONDS
    asked, redirects, for_good = url.strip(), 0, True
    while True:
        target = internet.target(asked)
        answer, location = _exchange(asked, target, method, most, net, deadline)
        if answer.status not in _LEADS_ON or not location:
            return replace(answer, redirects=redirects, moved=redirects > 0 and for_good)
        if redirects == MOST_REDIRECTS:
            raise Refused(_("This address leads on too often. Copy the one that you end up at."))
        following = _joined(asked, location)
        if target.scheme == "https" and not following.lower().startswith("https:"):
            raise Refused(
                _("This address leads from https to something unprotected. It is not followed.")
            )
        redirects += 1
        for_good = for_good and answer.status in _FOR_GOOD
        asked = following


# --- One request ------------------------------------------------------------------------------


class _Timed(io.RawIOBase):
    """What a socket gives, each read within what is left of the whole time."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection = connection
        self.deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(_left(self.deadline))
        return self.connection.recv_into(buffer)


class _Socket:
    """As much of a socket as ``http.client`` uses, with one deadline over all of it."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection = connection
        self.deadline = deadline

    def sendall(self, data: bytes) -> None:
        self.connection.settimeout(_left(self.deadline))
        self.connection.sendall(data)

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        return io.BufferedReader(_Timed(self.connection, self.deadline))

    def close(self) -> None:
        """Nothing: ``http.client`` closes before it reads the body; who opened it closes it."""


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _exchange(
    url: str, target: Target, method: str, most: int, net: Net, deadline: float
) -> tuple[Answer, str]:
    """One request and its answer, with where it leads on."""
    try:
        machines = internet.checked(target, net, _left(deadline))
        connection = _connected(target, machines, net, deadline)
    except TimeoutError as error:
        raise Unreachable(_slow()) from error
    speaking: Any = http.client.HTTPConnection(target.host, target.port)
    speaking.sock = _Socket(connection, deadline)
    try:
        speaking.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(target):
            speaking.putheader(name, value)
        speaking.endheaders()
        response = speaking.getresponse()
        answer = _read(url, response, method, most)
        return answer, _location(response)
    except TimeoutError as error:
        raise Unreachable(_slow()) from error
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise Unreachable(
            _("The site's answer could not be read. Try again, or fill it in by hand.")
        ) from error
    finally:
        speaking.close()
        connection.close()


def _slow() -> str:
    return _("The site took too long to answer. Try again, or fill it in by hand.")


def _headers(target: Target) -> list[tuple[str, str]]:
    return [
        ("Host", target.authority),
        ("User-Agent", user_agent()),
        ("Accept", "text/html,application/xhtml+xml;q=0.9"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
    ]


def user_agent() -> str:
    """Who asks, so that a site's owner can find out and write."""
    about = "; ".join(each for each in (settings.SITE_URL, settings.CONTACT) if each)
    plain = text.clean_line(about).encode("ascii", "ignore").decode().replace("(", "")
    return f"Dateline (+{plain.replace(')', '')})"


def _connected(target: Target, machines: list[str], net: Net, deadline: float) -> socket.socket:
    """A connection to the first of the checked machines that takes one."""
    until = min(deadline, time.monotonic() + CONNECT_SECONDS)
    wrong: OSError | None = None
    for machine in machines:
        try:
            connection = net.connect(machine, target.port, _left(until))
            break
        except OSError as error:
            wrong = error
    else:
        raise Unreachable(_("The site doesn't answer. Check the address, or try later.")) from wrong
    if target.scheme == "http":
        return connection
    try:
        connection.settimeout(_left(deadline))
        return net.tls().wrap_socket(connection, server_hostname=target.host)
    except TimeoutError:
        connection.close()
        raise
    except (OSError, ssl.CertificateError, ValueError) as error:
        connection.close()
        raise Unreachable(
            _("The site's certificate is not valid, so its answer is not taken.")
        ) from error


def _location(response: http.client.HTTPResponse) -> str:
    """Where the answer leads on; header fields come as Latin-1, addresses are UTF-8."""
    written = response.getheader("Location") or ""
    try:
        return written.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return written.strip()


def _read(url: str, response: http.client.HTTPResponse, method: str, most: int) -> Answer:
    media_type = response.headers.get_content_type() if response.getheader("Content-Type") else ""
    charset = response.headers.get_content_charset() or ""
    answer = Answer(url, response.status, media_type, charset)
    if not most or method == "HEAD" or response.status != HTTPStatus.OK:
        return answer
    if media_type not in HTML:
        raise Refused(_("This address is not a page of HTML. Fill it in by hand."))
    return replace(answer, body=_body(response, most))


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    """The body, unpacked, at most so many bytes, counted while it is read."""
    unpack = _unpacker(response.getheader("Content-Encoding") or "")
    read, size, packed = [], 0, 0
    while piece := response.read1(_PIECE):
        packed += len(piece)
        given = unpack.decompress(piece, most + 1 - size) if unpack else piece
        size += len(given)
        if size > most or packed > most:
            raise Refused(_("This page is larger than 2 MB. Fill it in by hand."))
        read.append(given)
    return b"".join(read)


def _unpacker(encoding: str) -> Any:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip"):
        return zlib.decompressobj(wbits=31)
    if name == "deflate":
        return _Deflate()
    raise Refused(_("The site's answer is packed in an unknown way. Fill it in by hand."))


class _Deflate:
    """What sites call deflate: with the frame of zlib, or without as some send it."""

    def __init__(self) -> None:
        self.unpack: Any = None

    def decompress(self, piece: bytes, most: int) -> bytes:
        if self.unpack is None:
            self.unpack = zlib.decompressobj()
            try:
                return bytes(self.unpack.decompress(piece, most))
            except zlib.error:
                self.unpack = zlib.decompressobj(wbits=-15)
        return bytes(self.unpack.decompress(piece, most))
