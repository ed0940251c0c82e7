"""What the user's file of settings gives to commands: defaults of their options, behind the command line and the environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from musnad.config import config_file, read_config
from musnad.errors import ConfigError

#: Options that stand at the top of the file, for all commands that have them.
GENERAL = ("ledger", "reader", "workers", "limit", "min-confidence")


def set_defaults(group: Any, commands: frozenset[str]) -> list[str]:
    """Give the commands of a group their defaults; return the options that got one. `commands` are the names of all there are.

    Raises `ConfigError` for what no command takes.
    """
    settings = read_config()
    if not settings:
        return []
    own = {name: value for name, value in settings.items() if isinstance(value, dict) and name not in GENERAL}
    general = {name: value for name, value in settings.items() if name not in own}
    own.pop("llm", None)  # how a language model is asked: musnad.llm.settings
    _known(general, GENERAL, "a setting for all commands")
    _known(own, commands, "a command")
    given: list[str] = []
    defaults = _defaults(group, "", general, own, given)
    group.context_settings = {**group.context_settings, "default_map": defaults}
    return sorted(set(given))


def _defaults(
    group: Any, called: str, general: dict[str, Any], own: dict[str, Any], given: list[str]
) -> dict[str, Any]:
    """The defaults of the commands of a group by their names, of groups within it nested."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        table, where = own.get(name, {}), f"{called} {name}".strip()
        if not isinstance(table, dict):
            raise _error(f"{where} is a command: write [{where.replace(' ', '.')}]")
        if hasattr(command, "commands"):
            _known(table, command.commands, f"a command of {where}")
            found[name] = _defaults(command, where, general, table, given)
            continue
        options = dict(_options(command))
        _known(table, options, f"an option of {where}")
        chosen = {option: value for option, value in general.items() if option in options} | table
        found[name] = {options[option]: _value(option, value) for option, value in chosen.items()}
        given += [f"--{option}" for option in chosen]
    return found


def _options(command: Any) -> Iterator[tuple[str, str]]:
    """The options of a command as they are written, without dashes, and the names of their parameters."""
    for parameter in command.params:
        if parameter.param_type_name == "option" and "--help" not in parameter.opts:
            yield max(parameter.opts, key=len).removeprefix("--"), parameter.name


def _value(option: str, value: Any) -> Any:
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)):
        raise _error(f"{option} is an option: give it a value, not a table")
    if isinstance(value, date):
        return value.isoformat()
    if option == "ledger" and isinstance(value, str) and value and "://" not in value:
        return str(config_file().parent / Path(value).expanduser())
    return value


def _known(given: Any, known: Any, what: str) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise _error(
                f"{name} is not {what}; "
                + (f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}")
            )


def _error(message: str) -> ConfigError:
    return ConfigError(f"{config_file()}: {message}")
