"""A web for tests: names and addresses of its own, all led to one local server that counts hits.

The addresses are public ones that nobody is asked at: a connection to any of them, once it has
been checked, comes to the server here.
"""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from timeline.intake.internet import Net

PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"

PAGE = b"<!doctype html><html lang=en><title>A page</title><p>Words.</html>"


def answer(status=200, body=PAGE, kind="text/html; charset=utf-8", **headers):
    """The bytes of an answer; ``location_`` and the like become header fields."""
    lines = [f"HTTP/1.1 {status} Said"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name.replace('_', '-').strip('-')}: {value}" for name, value in headers.items()]
    if "Transfer_Encoding" not in headers:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@dataclass
class Web:
    """``names`` maps a host to its addresses, a list or a call; ``pages`` host and path to bytes,
    or to a call that is given the connection."""

    names: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    connected: list = field(default_factory=list)
    resolved: list = field(default_factory=list)
    port: int = 0

    def net(self, **more):
        return Net(resolve=self._resolve, connect=self._connect, **more)

    def _resolve(self, host, _port, _seconds):
        self.resolved.append(host)
        found = self.names.get(host, [PUBLIC])
        return found() if callable(found) else found

    def _connect(self, address, port, seconds):
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def serve(self, connection):
        with connection:
            connection.settimeout(5)
            head = b""
            try:
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    head += piece
                    if not head[:1].isalpha():  # TLS, which is not spoken here
                        return
                request = head.decode("latin-1")
                self.requests.append(request)
                path = request.split(" ")[1]
                host = next(
                    line[6:] for line in request.split("\r\n") if line.lower().startswith("host:")
                )
                found = self.pages.get(host + path, self.pages.get(path, answer()))
                if callable(found):
                    found(connection)
                elif request.startswith("HEAD "):
                    connection.sendall(found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
                else:
                    connection.sendall(found)
            except OSError:
                return  # the client went away, as some tests want it to


@contextmanager
def web():
    """A web whose server runs while inside."""
    stand = Web()
    listening = socket.create_server(("127.0.0.1", 0))
    stand.port = listening.getsockname()[1]

    def accept():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=stand.serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield stand
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def drip(head, piece=b"a", every=0.05, times=10_000):
    """An answer whose head comes at once and the rest byte by byte."""

    def send(connection):
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(piece)
            time.sleep(every)

    return send
