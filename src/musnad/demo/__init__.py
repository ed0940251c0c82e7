"""Articles written for Musnad, invented from first to last, that show what is read in the news."""

from __future__ import annotations

from importlib.resources import files

from musnad.record import Document

_ARTICLES = ("summit", "denial", "chain")


def demo_documents() -> list[Document]:
    """Return the demonstration articles: a summit without agreement, a denial, a chain of sources."""
    found = []
    for name in _ARTICLES:
        text = (files("musnad.demo") / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
        found.append(
            Document(id=f"demo-{name}", text=text, title=text.split("\n")[0], outlet="مثال", published="2026-09-17")
        )
    return found
