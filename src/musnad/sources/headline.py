"""Where an article's headline stands on a page, and the date lines beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from musnad.times.written import DatedLine, LabelledDay, read_day, read_line

_LONG = 20  # words from which a line is a paragraph of the text
_SENTENCE = 5  # words from which a line with a full stop is one
_LONGEST = 60  # words of a line that is marked to be a date
_BELOW, _ABOVE = 30, 4  # lines that are looked at behind and before the headline
_SPARE = 5  # words more in a line that is marked to be a date
_TITLE = 3  # words at least of a headline that is not marked as one
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
))  # fmt: skip
_ASIDE = frozenset((
    "aside", "audio", "blockquote", "button", "canvas", "figcaption", "figure", "footer", "form", "head", "iframe",
    "menu", "nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "video"
))  # fmt: skip
_LISTED = frozenset(("h2", "h3", "h4", "h5", "h6", "li", "dt", "dd"))
#: Elements within a sentence.
_INLINE = frozenset(("a", "abbr", "b", "bdi", "bdo", "em", "font", "i", "mark", "small", "strong", "sub", "sup", "u"))
#: Words in the class or id of what is not the article.
_ELSEWHERE = frozenset((
    "ad", "ads", "advertisement", "breaking", "caption", "comment", "comments", "cookie", "copyright", "current",
    "currentdate", "dropdown", "embed", "facebook", "footer", "gallery", "instagram", "latest", "marquee", "menu",
    "more", "most", "mostread", "nav", "navbar", "newsletter", "now", "popular", "prayer", "recent", "recommend",
    "recommended", "related", "rights", "share", "sidebar", "similar", "tags", "ticker", "today", "todaydate",
    "topbar", "trending", "tweet", "twitter", "weather", "widget"
))  # fmt: skip
_TOPS = frozenset(("bar", "header", "logo", "masthead", "top"))  # before the headline
_ARTICLE = frozenset((
    "article", "content", "detail", "details", "entry", "head", "header", "headline", "item", "news", "post",
    "single", "story", "title"
))  # fmt: skip
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_DATED = re.compile(r"(?:date|time|publish|posted|pubdate|byline|meta|info)(?!line)|.+(?:date|time)\Z")
_MODIFIED = "modified"
_CHANGED = re.compile(r"updat|modif|lastupdate|edited")


def likeness(one: str, other: str) -> float:
    """The share of the words of the shorter of two headlines that stand in the other; of the longer where one says little."""
    first, second = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    sizes = sorted((len(first), len(second)))
    return len(first & second) / sizes[sizes[0] < _TITLE] if sizes[0] else 0.0


@dataclass(frozen=True)
class Headline:
    """The element that holds the headline, if one does; all that is around it; the page's titles and addresses."""

    element: Any
    around: frozenset[Any]
    titles: tuple[str, ...]
    addresses: frozenset[str]

    @classmethod
    def of(cls, tree: Any) -> Headline:
        metas = [
            ((m.get("property") or m.get("name") or "").lower(), m.get("content") or "") for m in tree.iter("meta")
        ]
        titles = [value for name, value in metas if name in {"og:title", "twitter:title"} and value.strip()]
        titles += [text for element in islice(tree.iter("title"), 1) if (text := element.text_content().strip())]
        element = _heading(tree, titles)
        if element is not None:
            titles.append(element.text_content())
        links = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
        around = frozenset(element.iterancestors()) if element is not None else frozenset()
        addresses = links + [value for name, value in metas if name == "og:url"]
        return cls(element, around, tuple(titles), frozenset(addresses))

    def holds(self, element: Any) -> bool:
        """Whether an element holds the headline."""
        return element in self.around


def _heading(tree: Any, titles: list[str]) -> Any:
    """The first-order heading that is most like the page's title; without one, what else is like it."""
    headings = [(element, element.text_content()) for element in tree.iter("h1") if not _is_aside(element)]
    headings = [(element, text) for element, text in headings if text.strip()]
    if not headings:
        found = ((element, element.text_content()) for element in tree.iter("h2", "h3", "div", "span", "td", "p"))
        headings = [
            (element, text)
            for element, text in found
            if len(text) < 400 and len(text.split()) >= _TITLE and any(likeness(text, title) > 0.8 for title in titles)
        ]
        return min(headings, key=lambda pair: len(pair[1]), default=(None, ""))[0]
    return max(headings, key=lambda pair: max((likeness(pair[1], title) for title in titles), default=0.0))[0]


def _is_aside(element: Any) -> bool:
    return any(above.tag in {"nav", "footer", "aside"} for above in element.iterancestors())


class _PageLine(NamedTuple):
    text: str  # ¦ where one element ends and the next begins
    marked: bool  # an element around it is called a date
    listed: bool  # it is a heading or stands in a list

    def is_text(self) -> bool:
        """Whether this is a sentence of the article, or a summary of it."""
        size = len(self.text.replace("¦", " ").split())
        return size >= _LONG or (size >= _SENTENCE and self.text.rstrip('»"”').endswith((".", "؟", "!", "…")))


def date_lines(tree: Any, head: Headline) -> Iterator[LabelledDay]:
    """Yield the days of the date lines at a headline: below it; where there are none, just above it."""
    if head.element is None:
        return
    above, below = _around(tree, head)
    found = list(_days(below))
    yield from found if any(day.role != "modified" for day in found) else found + list(_days(above))


def _days(lines: list[_PageLine]) -> Iterator[LabelledDay]:
    """The days before the text begins; behind its first paragraph, which may be a summary, those that are sure to be meant."""
    opened, begun, found = "", False, False
    for line in lines:
        whole = line.text.replace("¦", " ")
        read = DatedLine((), "")
        if begun and line.listed:
            return
        if len(whole.split()) < (_LONGEST if line.marked else _LONG):
            read = read_line(whole, opened)
            if not read.days:
                read = read_line(line.text, opened, _SPARE if line.marked else 0)
        if not read.days and line.is_text():
            if begun or found:
                return
            begun = True
        opened = read.open
        days = [day for day in read.days if not begun or line.marked or day.role == "published"]
        found = found or any(day.role != "modified" for day in days)
        yield from days


def _around(tree: Any, head: Headline) -> tuple[list[_PageLine], list[_PageLine]]:
    """The lines just above the headline, within the article, and those below it."""
    walk = _Walk(head)
    walk.go(tree)
    return walk.above[-_ABOVE:], walk.below


class _Walk:
    """Goes through a page, passes over what is not the article, and keeps the lines around the headline."""

    def __init__(self, head: Headline) -> None:
        self._head, self._past, self._led, self._dated = head, False, False, 0
        self._many = any(element.tag == "article" for element in head.around)
        self._text, self._cut, self._marked, self._listed = "", False, False, False
        self.above: list[_PageLine] = []
        self.below: list[_PageLine] = []

    def go(self, tree: Any) -> None:
        """Walk without recursion: pages may be nested as deep as they like."""
        self._many = self._many or len(list(islice(tree.iter("article"), 2))) == 2
        stack: list[tuple[Any, bool]] = [(tree, False)]
        while stack and len(self.below) < _BELOW:
            element, leaving = stack.pop()
            if leaving:
                self._leave(element)
                self._say(element.tail)
            elif element is self._head.element:
                self._end_line()
                self._past = True
                self._say(element.tail)
            elif not isinstance(element.tag, str) or self._passed_over(element):
                self._end_line()
                self._say(element.tail)
            else:
                stack.append((element, True))
                if self._enter(element):
                    stack.extend((child, False) for child in reversed(element))
        self._end_line()

    def _enter(self, element: Any) -> bool:
        """Begin an element; return whether what stands in it is still to be said."""
        if element in self._head.around:
            if not self._past and (element.tag == "article" or (not self._led and self._may_lead(element))):
                self._led = True
                self.above.clear()
        else:
            self._dated += any(_DATED.match(word) for word in _class_words(element))
        self._begin_piece(element)
        if element not in self._head.around and _is_changed(_class_words(element)):
            self._say(_MODIFIED)
        self._listed |= element.tag in _LISTED
        stamp = _stamp(element)
        if stamp is None:
            self._say(element.text)
        else:
            self._say(f"{stamp.role} {stamp.day}")
        return stamp is None

    def _leave(self, element: Any) -> None:
        self._begin_piece(element)
        if element not in self._head.around:
            self._dated -= any(_DATED.match(word) for word in _class_words(element))

    def _may_lead(self, element: Any) -> bool:
        """Whether what stands in an element before the headline may belong to the article."""
        return element.tag == "main" or not _ARTICLE.isdisjoint(_class_words(element))

    def _passed_over(self, element: Any) -> bool:
        if element in self._head.around:
            return False
        words = _class_words(element)
        if element.tag in _ASIDE or not _ELSEWHERE.isdisjoint(words) or (element.tag == "article" and self._many):
            return True
        return not self._past and (element.tag == "header" or not _TOPS.isdisjoint(words))

    def _begin_piece(self, element: Any) -> None:
        """An element begins or ends: a line, or a piece of one that is not prose."""
        if element.tag in _BLOCKS:
            self._end_line()
        elif element.tag not in _INLINE and (element.getparent().tag != "p" or self._dated):
            self._cut = True

    def _say(self, text: str | None) -> None:
        if text and text.strip():
            self._text += f"{'¦' if self._cut else ' '}{' '.join(text.split())}"
            self._cut = False
            self._marked |= self._dated > 0

    def _end_line(self) -> None:
        if self._text.strip() and (self._past or self._led):
            (self.below if self._past else self.above).append(
                _PageLine(self._text.strip(" ¦"), self._marked, self._listed)
            )
        self._text, self._cut, self._marked, self._listed = "", False, False, False


def _stamp(element: Any) -> LabelledDay | None:
    """The day that an element has for machines, whatever it shows to people."""
    words, own = _class_words(element), (element.get("itemprop") or "").lower()
    if element.tag != "time" and own not in {"datepublished", "datemodified"} and "published" not in words:
        return None
    written = (
        element.get("datetime") or element.get("content") or (element.tag == "abbr" and element.get("title")) or ""
    )
    day = read_day(written)
    if day is None:
        return None
    if own == "datemodified" or _is_changed(words):
        return LabelledDay(day, _MODIFIED)
    published = (
        own == "datepublished" or element.get("pubdate") is not None or any(w.startswith("publish") for w in words)
    )
    return LabelledDay(day, "published" if published else "")


def _is_changed(words: list[str]) -> bool:
    return any(_CHANGED.match(word) for word in words) and not any(word.startswith("publish") for word in words)


def _class_words(element: Any) -> list[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return [word.lower() for word in _CLASS_WORD.findall(names[:500])]
