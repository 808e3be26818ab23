"""Which addresses may be asked for a page that somebody pasted, and how they are connected to.

A server that fetches what it is told can be turned against its own network. So an address is read
strictly (no form that two parsers read in two ways), its name is resolved once, every answer must
lie on the public internet, and the connection goes to what was checked, not to the name again.
"""

import ipaddress
import re
import socket
import ssl
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from timeline import text

PORTS = {"http": 80, "https": 443}
LONGEST_HOST = 253

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int, float], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


class Refused(Exception):
    """An address that is not asked, or gave nothing; the text says why and what to do."""


class Unreachable(Refused):
    """Nobody answered, or not in time: says nothing about whether the page is there."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: whom to ask, and for what. ``literal`` is a host of digits."""

    scheme: str
    host: str
    port: int
    path: str
    literal: IPAddress | None = None

    @property
    def authority(self) -> str:
        """The host as the request names it; the port where it isn't the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


_LABELS = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
"""A name of the domain name system with a dot; the last label is no number."""

_NUMBERS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")


def target(url: str) -> Target:
    """Take the address apart. Raises ``Refused`` for one that could be read in two ways."""
    try:
        clean = text.clean_url(url)
    except text.LinkError as error:
        raise Refused(str(error)) from error
    if "@" in clean.partition("://")[2].partition("/")[0]:
        raise Refused(_("This address has an @ before its path. Copy the address of the page."))
    parts = urlsplit(clean)
    scheme = parts.scheme.lower()
    port = parts.port or PORTS[scheme]
    if port not in PORTS.values() or parts.netloc.endswith(":"):
        raise Refused(_("Only the usual ports of the web are asked, 80 and 443."))
    host = parts.hostname or ""
    literal = _literal(host) if parts.netloc.startswith("[") else None
    if literal is None:
        host = _name(host)
        literal = _literal(host) if _NUMBERS.fullmatch(host) else None
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]|")
    return Target(scheme, host, port, f"{path}?{query}" if query else path, literal)


def _literal(host: str) -> IPAddress:
    if "%" in host:  # a zone: a network of this machine
        raise Refused(_not_a_host())
    try:
        return ipaddress.ip_address(host)
    except ValueError as error:
        raise Refused(_not_a_host()) from error


def _name(host: str) -> str:
    """The host in ASCII, lower case: a name with a dot, or four plain decimal numbers."""
    if unicodedata.normalize("NFKC", host) != host:
        raise Refused(_not_a_host())
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise Refused(_not_a_host()) from error
    if len(name) > LONGEST_HOST or not (_NUMBERS.fullmatch(name) or _LABELS.fullmatch(name)):
        raise Refused(_not_a_host())
    if name.count(".") != host.count("."):
        raise Refused(_not_a_host())
    return name


def _not_a_host() -> str:
    return _("This is not an address on the public internet. Copy it from the browser again.")


# --- Addresses of machines --------------------------------------------------------------------

_UNICAST = ipaddress.ip_network("2000::/3")
"""The only part of IPv6 from which addresses of the internet are given out."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_RELAY = ipaddress.ip_network("192.88.99.0/24")


def is_public(address: IPAddress) -> bool:
    """Whether a machine of the internet has it, also when it wraps an address of IPv4.

    The wrapped one decides: IPv4-mapped, 6to4 and NAT64. Teredo and NAT64 of a local network
    (64:ff9b:1::/48) are nobody's web server, so they fall outside.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is not None:
            return is_public(wrapped)
        if address not in _UNICAST or address.teredo is not None or address.is_site_local:
            return False
    elif address in _RELAY:
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_private
    )


# --- The way there ----------------------------------------------------------------------------


def _resolve(host: str, port: int, seconds: float) -> Sequence[str]:
    """What the system's resolver answers; it knows no time limit, so it works aside."""
    found: list[str] = []
    wrong: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            wrong.append(error)
        else:
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if wrong:
        raise wrong[0]
    if asking.is_alive():
        raise TimeoutError
    return found


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


@cache
def _tls() -> ssl.SSLContext:
    """What says which certificates are good; reading them takes a while."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Net:
    """How names are resolved and sockets made. Tests give their own; no setting does."""

    resolve: Resolve = _resolve
    connect: Connect = _connect
    tls: Callable[[], ssl.SSLContext] = _tls


def checked(asked: Target, net: Net, seconds: float) -> list[str]:
    """The addresses of the machines behind the target, resolved once. Raises ``Refused``.

    One answer that isn't public refuses them all: a name that points inside as well is a trap.
    """
    if asked.literal is not None:
        found: Sequence[str] = [str(asked.literal)]
    else:
        try:
            found = net.resolve(asked.host, asked.port, seconds)
        except TimeoutError as error:
            raise Unreachable(
                _("The name of this site was not found in time. Try again.")
            ) from error
        except (OSError, UnicodeError) as error:
            raise Unreachable(_("There is no site of this name. Check the address.")) from error
    try:
        machines = [ipaddress.ip_address(each) for each in found]
    except ValueError as error:
        raise Refused(_not_a_host()) from error
    if not machines:
        raise Unreachable(_("There is no site of this name. Check the address."))
    if not all(map(is_public, machines)):
        raise Refused(_not_a_host())
    return [str(each) for each in machines]
