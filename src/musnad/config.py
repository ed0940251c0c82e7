"""The user's file of settings: where it stands, and what it holds.

A file in the folder that one happens to be in is never read: it may have come with somebody else's archive.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from musnad.errors import ConfigError

VARIABLE = "MUSNAD_CONFIG"


def config_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the settings stand: in the file that `MUSNAD_CONFIG` names, else in `config.toml` of the user's folder."""
    if named := environment.get(VARIABLE):
        return Path(named).expanduser()
    if folder := environment.get("XDG_CONFIG_HOME"):
        return Path(folder).expanduser() / "musnad" / "config.toml"
    from platformdirs import user_config_path

    return user_config_path("musnad", appauthor=False) / "config.toml"


def read_config(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return what the file holds, nothing where there is none. Raises `ConfigError` where it cannot be read, or the one that
    `MUSNAD_CONFIG` names is missing."""
    path = config_file(environment)
    if not environment.get(VARIABLE) and not path.is_file():
        return {}
    import tomllib  # most people have no such file

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{path}: cannot be read as TOML ({reason}); see docs/configuration.md") from None
