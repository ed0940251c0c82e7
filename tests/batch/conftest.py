from __future__ import annotations

import json
from pathlib import Path

import pytest

SENTENCES = (
    "قال وزير الخارجية سامر حداد إن الجولة رقم {n} من المحادثات انتهت دون نتيجة.",
    'وأضاف حداد للصحفيين: "سنعود إلى الطاولة يوم {n} من الشهر المقبل".',
    "ونفى مصدر حكومي أن يكون الوفد قد غادر بيروت.",
    "والتقى حداد مساء الجمعة نظيره الإسباني في مدريد.",
)


def article(n: int) -> dict[str, str]:
    text = " ".join(SENTENCES[: 1 + n % len(SENTENCES)]).format(n=n)
    return {"id": f"a{n}", "text": text, "published": f"{2023 + n % 2}-05-0{1 + n % 9}", "outlet": "صحيفة المثال"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with 60 articles in two files, and two lines that are none."""
    folder = tmp_path / "archive"
    folder.mkdir()
    lines = [json.dumps(article(n), ensure_ascii=False) for n in range(60)]
    (folder / "one.jsonl").write_text("\n".join([*lines[:25], '{"id": "half', *lines[25:40]]) + "\n", encoding="utf-8")
    (folder / "two.jsonl").write_text("\n".join([*lines[40:], '{"id": "empty"}']) + "\n", encoding="utf-8")
    (folder / "_SUCCESS").write_text("")
    return folder
