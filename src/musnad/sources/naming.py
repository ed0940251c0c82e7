"""Which articles a host may name: its own.

What a feed or a page says of itself comes from outside. It is believed where it names an address of the host that it
came from; any other name is kept apart under that host, so that nobody can put an article in the place of another's.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_DOORS = ("www.", "m.", "mobile.", "amp.")  # doors of one and the same site


def host_of(address: str | None) -> str:
    """Return the host of an address as it is compared: lower case, without port, user name and `www.`; or nothing."""
    try:
        parts = urlsplit(address or "")
        host = (parts.hostname or "").rstrip(".") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    return next((host.removeprefix(door) for door in _DOORS if host.startswith(door)), host)


def is_own(address: str | None, host: str) -> bool:
    """Whether an address lies on a host (as `host_of` gives it) or on a sub-domain of it."""
    there = host_of(address)
    return bool(host) and (there == host or there.endswith(f".{host}"))


def identifier(name: str, host: str) -> str:
    """Return the id of what a host calls by a name: an address of its own as it is, all else under the host."""
    return name if is_own(name, host) else f"{host}#{name}"
