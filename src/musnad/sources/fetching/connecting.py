"""Connections that reach public addresses only, and end in time.

A host's name is resolved once, when the connection is made: every address that it has is checked, and one of those
very addresses is connected to, so that a name which changes its address in between gains nothing. No proxy of the
environment is asked, since a proxy would connect in our place, unchecked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from musnad.errors import SourceError

RESOLVED = 10.0  # seconds that a name server may take
_EVERYONE = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6
_TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))  # Teredo, 6to4: IPv4 within
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: the last four bytes are the IPv4 address that is meant


def is_public(address: str) -> bool:
    """Whether an address, as the resolver writes it, is one that anybody may reach."""
    found = ipaddress.ip_address(address)
    if found.is_multicast or not (found.is_global or found in _TRANSLATED):
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return True
    if found in _TRANSLATED:
        return is_public(str(ipaddress.IPv4Address(found.packed[-4:])))
    return found in _EVERYONE and not any(found in tunnel for tunnel in _TUNNELS)


def resolve(host: str, seconds: float) -> list[str]:
    """Return the addresses of a host in the resolver's order. Raises `SourceError` where there are none, or not in time.

    The system's resolver takes no deadline, so it is asked in a thread that is left to itself when it is late.
    """
    answers: list[Any] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.append(error)

    asked = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    asked.start()
    asked.join(seconds)
    if not answers:
        raise SourceError(f"{host}: no answer from the name server in {seconds:g} seconds; try again later")
    (found,) = answers
    if isinstance(found, Exception):
        raise SourceError(f"{host}: no such host ({getattr(found, 'strerror', None) or found})")
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class GuardedNetwork(httpcore.NetworkBackend):
    """Makes the connections. `begin` starts the clock of one answer: headers, body and all must be there in time."""

    def __init__(self, seconds: float, *, allow_private: bool) -> None:
        self._seconds, self._allow_private = seconds, allow_private
        self._plain = httpcore.SyncBackend()
        self.begin()

    def begin(self) -> None:
        self._ends = time.monotonic() + self._seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises `SourceError` when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def late(self) -> SourceError:
        return SourceError(f"not all there after {self._seconds:.0f} seconds; try again later")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, min(RESOLVED, self.left()))
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise SourceError(f"{address} is no public address; allow it with --allow-private")
        failed: Exception | None = None
        for address in addresses:
            try:
                return _Timed(self._plain.connect_tcp(address, port, self.left(), local_address, socket_options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise SourceError(f"{host}: no connection ({failed or 'no address'})")


class _Timed(httpcore.NetworkStream):
    """A connection whose every read and write must be done before its guard's time is up."""

    def __init__(self, stream: httpcore.NetworkStream, guard: GuardedNetwork) -> None:
        self._stream, self._guard = stream, guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._guard.left())
        except httpcore.ReadTimeout:
            raise self._guard.late() from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._guard.left()), self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """What an httpx client sends its requests by: HTTP/1.1 over connections of a guard, through `proxy` where one is given. TLS asks
    for the host's name."""

    def __init__(self, guard: GuardedNetwork, proxy: str | None = None) -> None:
        context = httpx.create_ssl_context()
        self._pool = (
            httpcore.ConnectionPool(ssl_context=context, network_backend=guard)
            if proxy is None
            else httpcore.HTTPProxy(proxy, ssl_context=context, network_backend=guard)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_AnswerBody(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _AnswerBody(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
