"""How large a page's markup is, found before anything is made of it: what is out of all measure costs hours to parse."""

from __future__ import annotations

import re

from musnad.errors import SourceError

_LARGEST = 4 * 1024 * 1024  # characters of markup
_ELEMENTS = 20_000
_ATTRIBUTES = 1_000  # of one element: the parser compares each with each
_LONG = 3_000  # characters from which a tag may hold so many
#: A comment, what scripts hold, or a tag: quotation marks count only behind =, as HTML has it.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b[^>]*>.*?(?:</\1|\Z)"
    r"|</?[a-z](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>?",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+)")
_CURE = "save the article's text and read that"


def check(text: str, name: str) -> None:
    """Raise `SourceError` for a page that is too large to be read."""
    if len(text) > _LARGEST:
        raise SourceError(f"{name}: a page of more than {_LARGEST >> 20} MB of markup; {_CURE}")
    elements = 0
    for match in _TAG.finditer(text):
        elements += not match[0].startswith(("</", "<!"))
        if elements > _ELEMENTS:
            raise SourceError(f"{name}: a page of more than {_ELEMENTS:,} elements; {_CURE}")
        if match.end() - match.start() > _LONG and not match[0].startswith("<!") and match[1] is None:
            if len(_VALUE.sub(" ", match[0]).split()) > _ATTRIBUTES:
                raise SourceError(f"{name}: an element of more than {_ATTRIBUTES:,} attributes; {_CURE}")
