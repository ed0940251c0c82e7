"""Which articles a host may name: its own.

What a feed or a page says of itself comes from outside. It is believed where it names an address of the host that it
came from; any other name is kept apart under that host, so that nobody can put an article in the place of another's.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_DOORS = ("www.", "m.", "mobile.", "amp.")  # doors of one and the same site
_SHARED = frozenset(("ac", "co", "com", "edu", "gov", "mil", "net", "org"))  # «com.sa» belongs to many


def host_of(address: str | None) -> str:
    """Return the host of an address, in lower case, without port and user name; nothing for what is no address."""
    try:
        parts = urlsplit(address or "")
        return (parts.hostname or "").rstrip(".") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def site_of(host: str) -> str:
    """Return a host without `www.` and the like: what two addresses of one site have in common."""
    return next((host.removeprefix(door) for door in _DOORS if host.startswith(door)), host)


def is_own(address: str | None, host: str) -> bool:
    """Whether an address lies on a host, or on a sub-domain of it without `www.`."""
    there, whole = host_of(address), host.removeprefix("www.")
    if not there or not host:
        return False
    below = host if "." not in whole or whole.partition(".")[0] in _SHARED else whole
    return site_of(there) == site_of(host) or there.endswith(f".{below}")


def identifier(name: str, host: str) -> str:
    """Return the id of what a host calls by a name: an address of its own as it is, all else under the host."""
    return name if is_own(name, host) else f"{site_of(host)}#{name}"
