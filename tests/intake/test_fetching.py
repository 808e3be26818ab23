"""A pasted address is fetched from the public internet, or not at all.

No test asks a real network: names are resolved by a stand-in, and every connection ends at a
local server that counts what it was asked.
"""

import gzip
import time
import zlib

import pytest

from tests.intake.stand_in import PAGE, PUBLIC, PUBLIC_6, answer, drip
from timeline.intake import fetching, internet, turns
from timeline.intake.internet import Refused

HOSTILE = [
    # Machines of one's own, in every spelling.
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.01/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://localhost./",
    "http://printer/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    # Networks of one's own.
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    # Nobody's machine.
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    # Other doors.
    "http://public.example:22/",
    "http://public.example:6379/",
    "https://public.example:8443/",
    "http://public.example:0/",
    "http://public.example:99999/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://public.example/",
    "dict://public.example/",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "javascript:alert(1)",
    "data:text/html,hello",
    "//public.example/",
    "public.example",
    "",
]

CONFUSING = [
    "http://public.example@127.0.0.1/",
    "http://a@public.example/",
    "http://a:b@public.example/",
    "http://1.2.3.4#@public.example/",
    "http://1.2.3.4?@public.example/",
    "http://public.example#@127.0.0.1/",
    "http://public.example\\@127.0.0.1/",
    "http://127.0.0.1\\.public.example/",
    "http:\\\\127.0.0.1/",
    "http://public.example\t@127.0.0.1/",
    "http://127.0.0.1\n.public.example/",
    "http://127.0.0.1\r\nHost: public.example/",
    "http://public.example /",
    "http://127.0.0.1%00.public.example/",
    "http://127.0.0.1%2f.public.example/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://ⓛocalhost.example/",
    "http://public.example。/",
    "http://public.example./",
    "http://public..example/",
    "http://.public.example/",
    "http://pub\u200blic.example/",
    "http://pub\u00adlic.example/",
    "http://pub\u202elic.example/",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http://[::1/",
    "http://::1]/",
    "http://[127.0.0.1]/",
    "http://[public.example]/",
    "http://public.example:/",
    "http://public.example:80:80/",
    "http://public.example:８０/",
    "http://-public.example/",
    "http://public.example:80@127.0.0.1/",
    "http://0x7f.example.1/",
    "http://1.2.3/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
]


def test_there_are_enough_hostile_addresses():
    assert len(set(HOSTILE)) >= 40
    assert len(set(CONFUSING)) >= 15


@pytest.mark.parametrize("url", [*HOSTILE, *CONFUSING])
def test_a_hostile_address_is_not_fetched(web, url):
    # The resolver would send every name to a public machine: the address itself is refused.
    with pytest.raises(Refused) as refused:
        fetching.page(url)
    assert str(refused.value).endswith((".", ")"))
    assert web.connected == []
    assert web.requests == []


INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104
    "::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "fec0::1",
    "fe80::1%eth0",
    "nonsense",
]


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("first", [[], [PUBLIC], [PUBLIC_6, PUBLIC]])
def test_a_name_that_points_inside_is_not_fetched(web, inside, first):
    """Also when it points outside as well."""
    web.names["trap.example"] = [*first, inside]
    with pytest.raises(Refused) as refused:
        fetching.page("http://trap.example/")
    assert inside not in str(refused.value)
    assert web.connected == []


def test_a_name_is_resolved_once_and_the_checked_machine_is_asked(web):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    web.names["rebinding.example"] = lambda: next(answers)
    assert fetching.page("http://rebinding.example/a").body == PAGE
    assert web.connected == [(PUBLIC, 80)]
    with pytest.raises(Refused):  # the second answer is checked like the first
        fetching.page("http://rebinding.example/a")
    assert len(web.connected) == 1


def test_a_name_that_turns_inside_on_a_redirect_is_refused(web):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    web.names["rebinding.example"] = lambda: next(answers)
    web.pages["/a"] = answer(302, Location="/b")
    with pytest.raises(Refused):
        fetching.page("http://rebinding.example/a")
    assert len(web.requests) == 1


@pytest.mark.parametrize("inside", [each for each in HOSTILE if each and "://" in each])
def test_a_redirect_is_checked_like_the_first_address(web, inside):
    web.pages["/a"] = answer(302, Location=inside)
    with pytest.raises(Refused):
        fetching.page("http://public.example/a")
    assert len(web.requests) == 1


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_a_chain_of_redirects_to_the_inside_ends_before_it(web, hops):
    for hop in range(1, hops):
        web.pages[f"/{hop}"] = answer(301, Location=f"http://public.example/{hop + 1}")
    web.pages[f"/{hops}"] = answer(301, Location="http://10.0.0.1/")
    with pytest.raises(Refused):
        fetching.page("http://public.example/1")
    assert len(web.requests) == hops


def test_three_redirects_are_followed_and_no_fourth(web):
    for hop in range(1, 6):
        web.pages[f"/{hop}"] = answer(301, Location=f"/{hop + 1}")
    found = fetching.page("http://public.example/3")
    assert (found.url, found.redirects, found.moved) == ("http://public.example/6", 3, True)
    web.requests.clear()
    with pytest.raises(Refused, match="too often"):
        fetching.page("http://public.example/2")
    assert len(web.requests) == 4


def test_https_never_leads_to_http(web, monkeypatch):
    monkeypatch.setattr(fetching, "PUBLIC_NET", web.net(tls=_NoTls))
    web.pages["/a"] = answer(302, Location="http://public.example/b")
    with pytest.raises(Refused, match="unprotected"):
        fetching.page("https://public.example/a")
    assert len(web.requests) == 1


class _NoTls:
    """Keeps the name that a certificate would be checked against."""

    def __init__(self):
        self.names = []

    def wrap_socket(self, connection, *, server_hostname):
        self.names.append(server_hostname)
        return connection


def test_the_name_is_told_and_nothing_else_of_us(web, monkeypatch, settings):
    settings.SITE_URL, settings.CONTACT = "https://dates.example", "desk@dates.example"
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9/")
    tls = _NoTls()
    monkeypatch.setattr(fetching, "PUBLIC_NET", web.net(tls=lambda: tls))
    web.names["münchen.example"] = web.names["xn--mnchen-3ya.example"] = [PUBLIC]
    fetching.page("https://münchen.example/straße?q=é#part")
    assert tls.names == ["xn--mnchen-3ya.example"]
    assert web.connected == [(PUBLIC, 443)]
    lines = web.requests[0].strip().split("\r\n")
    assert lines[0] == "GET /stra%C3%9Fe?q=%C3%A9 HTTP/1.1"
    assert sorted(line.split(":")[0] for line in lines[1:]) == [
        "Accept",
        "Accept-Encoding",
        "Connection",
        "Host",
        "User-Agent",
    ]
    assert "Host: xn--mnchen-3ya.example" in lines
    assert "User-Agent: Dateline (+https://dates.example; desk@dates.example)" in lines


@pytest.mark.usefixtures("web")
def test_a_wrong_certificate_is_not_taken():
    """The stand-in speaks no TLS, so that the real context refuses it."""
    with pytest.raises(internet.Unreachable, match="certificate"):
        fetching.page("https://public.example/")


def test_no_cookie_is_kept(web):
    web.pages["/a"] = answer(302, Location="/b", Set_Cookie="a=1; Path=/")
    fetching.page("http://public.example/a")
    assert not any("cookie" in request.lower() for request in web.requests)


def test_the_second_machine_is_asked_when_the_first_is_silent(web, monkeypatch):
    web.names["two.example"] = [PUBLIC_6, PUBLIC]

    def connect(address, port, seconds):
        if ":" in address:
            raise OSError
        return web._connect(address, port, seconds)

    monkeypatch.setattr(fetching, "PUBLIC_NET", internet.Net(web._resolve, connect))
    assert fetching.page("http://two.example/").body == PAGE


# --- Time and size ----------------------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    "slow",
    [
        drip(b"HTTP/1.1 200 OK\r\nX-Header: "),
        drip(b"HTTP/1.1 "),
        drip(OK),
        drip(OK[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda _connection: time.sleep(3),
    ],
    ids=["header", "status", "body", "chunks", "continue", "silence"],
)
def test_a_server_that_drips_is_left_when_the_time_is_up(web, monkeypatch, slow):
    monkeypatch.setattr(fetching, "SECONDS", 0.4)
    web.pages["/"] = slow
    start = time.monotonic()
    with pytest.raises(internet.Unreachable, match="too long"):
        fetching.page("http://public.example/")
    assert time.monotonic() - start < 1.5


def test_the_whole_way_has_one_deadline(web, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.6)

    def slowly(connection):
        time.sleep(0.25)
        connection.sendall(answer(302, Location="/a"))

    web.pages["/a"] = slowly
    start = time.monotonic()
    with pytest.raises(internet.Unreachable):
        fetching.page("http://public.example/a")
    assert time.monotonic() - start < 1.5


def test_a_resolver_that_hangs_is_left(monkeypatch):
    monkeypatch.setattr(internet.socket, "getaddrinfo", lambda *_a, **_k: time.sleep(1) or [])
    asked = internet.target("http://public.example/")
    with pytest.raises(Refused, match="in time"):
        internet.checked(asked, internet.Net(), 0.1)


def _chunked(body):
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


def test_packed_pages_are_unpacked(web):
    raw = zlib.compressobj(wbits=-15)
    web.pages |= {
        "/gzip": answer(body=gzip.compress(PAGE), Content_Encoding="gzip"),
        "/zlib": answer(body=zlib.compress(PAGE), Content_Encoding="deflate"),
        "/raw": answer(body=raw.compress(PAGE) + raw.flush(), Content_Encoding="deflate"),
        "/chunked": answer(body=_chunked(PAGE), Transfer_Encoding="chunked"),
    }
    for path in ("/gzip", "/zlib", "/raw", "/chunked"):
        assert fetching.page(f"http://public.example{path}").body == PAGE


@pytest.mark.parametrize("packing", ["gzip", "deflate", None])
def test_a_page_that_is_too_large_is_refused_while_it_is_read(web, packing):
    much = b"0" * (fetching.MOST_BYTES + 1)
    body = {"gzip": gzip.compress, "deflate": zlib.compress, None: bytes}[packing](much)
    more = {"Content_Encoding": packing} if packing else {}
    web.pages["/"] = answer(body=body, **more)
    with pytest.raises(Refused, match="2 MB"):
        fetching.page("http://public.example/")


def test_a_long_page_is_read_to_its_end(web):
    long = PAGE + b"x" * 1_500_000
    web.pages["/"] = answer(body=long)
    assert fetching.page("http://public.example/").body == long


def test_a_bomb_takes_no_memory(web):
    import tracemalloc

    bomb = gzip.compress(b"0" * 200_000_000, compresslevel=6)
    assert len(bomb) < fetching.MOST_BYTES
    web.pages["/"] = answer(body=bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="2 MB"):
            fetching.page("http://public.example/")
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer(kind="application/pdf"), "not a page of HTML"),
        (answer(kind=""), "not a page of HTML"),
        (answer(kind="text/plain"), "not a page of HTML"),
        (answer(404), "no such page"),
        (answer(403), "to programs"),
        (answer(500), "error (500)"),
        (answer(302), "error (302)"),
        (answer(Content_Encoding="br"), "unknown way"),
        (answer(body=b"not gzip", Content_Encoding="gzip"), "could not be read"),
        (b"SSH-2.0-OpenSSH_9.0\r\n", "could not be read"),
        (b"", "could not be read"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "could not be read"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "could not be read"),
        (answer(302, Location="http://[::1/"), "leads to one that is none"),
        (answer(302, Location="http://public.example/ \x01"), "holds a space"),
    ],
)
def test_what_is_no_page_is_refused_in_a_sentence(web, given, said):
    web.pages["/"] = given
    with pytest.raises(Refused) as refused:
        fetching.page("http://public.example/")
    assert said in str(refused.value)


# --- Turns ------------------------------------------------------------------------------------


def test_it_can_be_turned_off(web, settings):
    settings.FETCH_LINKS = False
    with pytest.raises(Refused, match="FETCH_LINKS"):
        fetching.page("http://public.example/")
    assert web.requests == []


def test_four_at_once_and_no_fifth(web):
    from contextlib import ExitStack

    with ExitStack() as taken:
        for _ in range(turns.AT_ONCE):
            taken.enter_context(turns.one())
        with pytest.raises(Refused, match="just now"):
            fetching.page("http://public.example/")
        assert web.requests == []
    assert fetching.page("http://public.example/").status == 200


def test_twenty_a_minute_and_then_a_wait_is_named(web, monkeypatch):
    for _ in range(turns.A_MINUTE):
        with turns.one():
            pass
    with pytest.raises(Refused, match="Try again in 60 seconds"):
        fetching.page("http://public.example/")
    assert web.requests == []
    later = time.time() + 61
    monkeypatch.setattr(turns.time, "time", lambda: later)
    assert fetching.page("http://public.example/").status == 200
