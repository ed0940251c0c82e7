"""How a command ends: with an exit code, and with one line where something went wrong. Nothing ends in a traceback."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from musnad.errors import MusnadError
from musnad.files import shortened

PARTLY = 1
_LONGEST = 1000  # characters of a message

#: Whether the traceback is shown as well: `musnad --debug`.
debug = False


def carried_out(command: Callable[[], Any]) -> int:
    """Carry a command out and return its exit code, the output written to its end.

    The last net: whatever a command raises is one line on standard error. Ctrl-C and signals that end a process end it
    quietly, with 128 and the number of the signal.
    """
    _stand_in()
    _heed_signals()
    try:
        command()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else PARTLY * bool(end.code)
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except Exception as error:
        code = PARTLY
        if not isinstance(error, BrokenPipeError):
            _say(_explained(error))
        if debug:
            traceback.print_exception(error)
    lost = _output_lost()
    if lost is None or lost.errno == errno.EPIPE or code != 0:
        return code
    _say(_explained(lost))
    return PARTLY


def _explained(error: Exception) -> str:
    """What a person is told of an error."""
    match error:
        case MusnadError():
            return str(error)
        case MemoryError():
            return "there is not enough memory; give less at once"
        case RecursionError():
            return "something in the input is nested too deep"
        case OSError(filename=str() | bytes() as name):
            return f"{shortened(os.fsdecode(name))}: {error.strerror}; check the path and your rights"
        case OSError(errno=errno.EBADF):
            return "standard input or output is closed"
        case OSError(errno=errno.ENOSPC | errno.EFBIG | errno.EDQUOT):
            return f"the output cannot be written ({error.strerror}); make room and run the same command again"
        case OSError():
            return error.strerror or str(error)
    return (
        f"{type(error).__name__}: {error}; this should not happen: please report it with what `musnad --debug …` shows"
    )


def _say(message: str) -> None:
    with suppress(OSError, ValueError):  # nobody can be told
        print(f"musnad: {shortened(' '.join(message.split()), _LONGEST)}", file=sys.stderr, flush=True)


def _output_lost() -> OSError | None:
    """Write out what waits; where it cannot be written, say why, and let it go, or Python would try again at its end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        sys.stdout.flush()
        return error
    except ValueError:  # closed already
        pass
    return None


def _stand_in() -> None:
    """Put something that refuses in the place of a closed standard stream, before another file gets its number."""
    for name, mode, flags in (("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, flags), mode, encoding="utf-8"))  # noqa: SIM115


def _heed_signals() -> None:
    """Let signals that end a process end it as an exception does, so that its workers end with it; a second one kills."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)
