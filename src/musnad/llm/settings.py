"""Which language model is asked, where, and what it may cost: from the environment, else from a file of the user's."""

from __future__ import annotations

import ipaddress
import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from musnad.config import config_file
from musnad.errors import ModelError

#: Variables of the environment that go before the file, by setting.
VARIABLES = {"url": "MUSNAD_LLM_URL", "model": "MUSNAD_LLM_MODEL", "key": "MUSNAD_LLM_KEY"}
_LONGEST = 2_000  # characters of an address, a name, a key


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a model is asked.

    `url` is the server's OpenAI address, up to `/v1`; `model` its name there; `key` may be missing, as for a server of one's own.
    `part`: characters of an article that are shown at once, a longer one is shown in parts that overlap. `at_once`: requests
    under way together. `seconds`: for one answer, retries not counted. `retries`: how often a request is repeated where the server
    is busy or gone. `price_in`, `price_out`: of a million tokens asked and answered, in the currency that `max_cost` is in.
    `ask_again`: whether lines that do not stand in the article are asked for once more. `cache`: the file that keeps the answers,
    "" for none.
    """

    url: str
    model: str
    key: str | None = None
    part: int = 6_000
    at_once: int = 4
    seconds: float = 120.0
    retries: int = 4
    price_in: float | None = None
    price_out: float | None = None
    max_cost: float | None = None
    ask_again: bool = True
    cache: str | None = None

    def __post_init__(self) -> None:
        """Raises `ModelError` for what cannot be meant; no message holds the key."""
        _check_address(self.url)
        for name in ("model", "key"):
            value = getattr(self, name)
            if value is not None and (not 0 < len(value) <= _LONGEST or not value.isprintable() or not value.strip()):
                raise ModelError(f"llm.{name}: must be one line of at most {_LONGEST:,} characters; see docs/llm.md")
        if self.key is not None and not self.key.isascii():
            raise ModelError("llm.key: a key is ASCII; copy it again")
        bounds = {"part": (500, 200_000), "at_once": (1, 64), "seconds": (1, 3_600), "retries": (0, 20)}
        for name, (least, most) in bounds.items():
            if not least <= getattr(self, name) <= most:
                raise ModelError(f"llm.{name}: {getattr(self, name):g} is not from {least:,} to {most:,}")
        for name in ("price_in", "price_out", "max_cost"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ModelError(f"llm.{name}: {value} is no amount; write it like 2.50")
        if self.max_cost is not None and (self.price_in is None or self.price_out is None):
            raise ModelError("a limit of cost needs the prices of a million tokens: set llm.price_in and llm.price_out")

    def __repr__(self) -> str:
        """Who asks which model; the key is left out."""
        return f"Settings(url={self.url!r}, model={self.model!r})"

    @property
    def is_here(self) -> bool:
        """Whether the model runs on this machine: nothing leaves it."""
        return _is_here(urlsplit(self.url).hostname or "")

    @property
    def server(self) -> str:
        """The server's name and port."""
        return urlsplit(self.url).netloc

    @property
    def notice(self) -> str:
        """What is sent where, in one line for the user."""
        server = urlsplit(self.url)
        plain = ", unencrypted" if server.scheme == "http" and not self.is_here else ""
        where = "on this machine" if self.is_here else f"beyond this machine{plain}"
        kept = "no answers are kept" if self.cache == "" else f"answers are kept in {self.cache_file}"
        return f"the text of each article goes to {self.server} ({where}), model {self.model}; {kept}"

    @property
    def cache_file(self) -> Path | None:
        """The file that keeps the answers; None for none."""
        if self.cache is not None:
            return Path(self.cache).expanduser() if self.cache else None
        home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        return Path(home).expanduser() / "musnad" / "llm.db"


def load(path: Path | None = None, environment: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Return the settings of a file (TOML, table `llm`; without `path` the user's own, if there is one), of the environment, which
    goes before it, and those `given`, which go before both. Raises `ModelError`, which names what is missing or wrong."""
    own = config_file(environment)
    values = _table(path) if path is not None else _table(own) if own.is_file() else {}
    values |= {name: environment[variable] for name, variable in VARIABLES.items() if environment.get(variable)}
    values |= {name: value for name, value in given.items() if value is not None}
    for name in ("url", "model"):
        if name not in values:
            raise ModelError(
                f"which language model? set {VARIABLES[name]}, or {name} under [llm] in {path or own} (docs/llm.md)"
            )
    try:
        return msgspec.convert(values, Settings, strict=True)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, ModelError):
            raise error.__cause__ from None
        raise ModelError(f"{path or own}: [llm] {error}; see docs/llm.md") from None


def _table(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("llm", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ModelError(f"{path}: cannot be read as TOML ({reason}); see docs/llm.md") from None
    if not isinstance(found, dict):
        raise ModelError(f"{path}: llm must be a table, [llm]; see docs/llm.md")
    return dict(found)


def _check_address(url: str) -> None:
    wrong = None
    try:
        parts = urlsplit(url)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        wrong = "is no address; no server can have that name"
    else:
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            wrong = "must begin with http:// or https:// and name a server"
        elif parts.username or parts.password:
            wrong = f"must hold no name or password; put the key into {VARIABLES['key']}"
        elif parts.query or parts.fragment or len(url) > _LONGEST or not url.isprintable() or " " in url:
            wrong = "must end with the path, like http://localhost:11434/v1"
    if wrong:
        raise ModelError(f"llm.url: {wrong}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
