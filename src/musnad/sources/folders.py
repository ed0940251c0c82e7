"""The files of a folder: in the order of their names, each of them or the reason why it is none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from musnad.sources.intake import Rejected, shown

_FILES = 1_000_000  # files of one folder, with all below it


def files_in(folder: Path) -> Iterator[Path | Rejected]:
    """Yield the files under a folder, without hidden ones (their names begin with a dot).

    What cannot be read is named and passed over: a folder that is closed, a link that leads nowhere or to a folder,
    a pipe or device (they are read only when they are given themselves).
    """
    waiting = [str(folder)]
    files = 0
    while waiting:
        place = waiting.pop()
        if not os.path.isdir(place) or (os.path.islink(place) and place != str(folder)):
            files += 1
            if files > _FILES:
                yield Rejected(shown(folder), f"more than {_FILES:,} files; give its folders one by one")
                return
            yield _file(place)
            continue
        try:
            with os.scandir(place) as entries:
                seen = (entry.name for entry in entries if not entry.name.startswith("."))
                names = sorted(islice(seen, _FILES + 1), reverse=True)
        except OSError as error:
            yield Rejected(shown(place), f"the folder cannot be read ({error.strerror or error}); mind your rights")
            continue
        waiting += [os.path.join(place, name) for name in names]


def _file(place: str) -> Path | Rejected:
    try:
        mode = os.stat(place).st_mode
    except OSError as error:
        if os.path.islink(place):
            return Rejected(shown(place), "a link that leads nowhere; remove it or put its file there")
        return Rejected(shown(place), f"cannot be read ({error.strerror or error})")
    if stat.S_ISREG(mode):
        return Path(place)
    if stat.S_ISDIR(mode):
        return Rejected(shown(place), "a link to a folder is not followed; give the folder itself")
    return Rejected(shown(place), "a pipe or device, not a file; give it itself if it is to be read")
