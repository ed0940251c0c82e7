"""The figures of a reader on annotated articles: the same metrics as the annotators' own scorer.

A predicted statement matches a gold one where the word F1 of their contents is at least 0.5, paired
best first; names match where one holds the words of the other or they share three words in five.
The definitions follow the scorer that is published with the annotation guidelines.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from musnad.errors import GoldError

Row = dict[str, Any]
MATCH = 0.5  # word F1 from which two contents are the same statement
_SAME = 0.6  # share of words (Dice) from which two names are the same
_WORD = re.compile(r"[\w\u064B-\u0652\u0670]+")
_SIGNS = re.compile(r"[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u0640]")
_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه"})
_PROCLITICS = ("وال", "بال", "كال", "فال", "لل", "ال")
_TITLES = {
    "الرئيس",
    "رئيس",
    "وزير",
    "الوزير",
    "السيد",
    "الدكتور",
    "د",
    "اللواء",
    "العميد",
    "الشيخ",
    "الملك",
    "الامير",
    "ولي",
    "العهد",
}


_LARGEST = 100 << 20  # bytes of a file of annotations: a device has no end


def load_gold(path: Path) -> list[Row]:
    """Return the annotated articles of a JSON Lines file. Raises `GoldError` with file, line and cure."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise GoldError(f"{path}: larger than {_LARGEST >> 20} MB; split it")
        lines = data.decode().splitlines()
    except OSError as error:
        raise GoldError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise GoldError(f"{path}: not UTF-8; save the annotations as UTF-8 JSON Lines") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise GoldError(f"{path}:{number}: not JSON ({error}); each line must be one annotated article") from None
        fault = _fault(row)
        if fault:
            raise GoldError(f"{path}:{number}: {fault}")
        found.append(row)
    if not found:
        raise GoldError(f"{path}: no annotated articles; each line must hold id, text and statements")
    return found


def _fault(row: Any) -> str | None:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("id"), str):
        return 'an annotated article needs the strings "id" and "text"'
    if not isinstance(row.get("statements"), list):
        return 'an annotated article needs a list under "statements"; an article without any has []'
    size = len(row["text"])
    for at, statement in enumerate(row["statements"], 1):
        if not isinstance(statement, dict) or not {"content", "kind", "stance", "speaker"} <= statement.keys():
            return f"statement {at} needs content, kind, stance and speaker"
        for span in statement["content"]:
            if not (
                isinstance(span, list)
                and len(span) == 2
                and all(type(v) is int for v in span)
                and 0 <= span[0] < span[1] <= size
            ):
                return f"statement {at}: {span} is no span of the text of {size} characters"
    return None


def half_of(identifier: str) -> str:
    """The fixed half, a or b, that an article belongs to."""
    return "ab"[hashlib.sha256(identifier.encode()).digest()[0] % 2]


def score(gold: Iterable[Row], predicted: dict[str, Row]) -> dict[str, float]:
    """Return the metrics over all gold articles; `predicted` maps an identifier to a record as a dict."""
    total: Counter[str] = Counter()
    for row in gold:
        total.update(score_article(row, predicted.get(row["id"], {})))
    return summary(total)


def _fold(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS).lower()


def _name_words(name: str) -> set[str]:
    words = []
    for word in _WORD.findall(_fold(name)):
        clitic = next((c for c in _PROCLITICS if word.startswith(c) and len(word) - len(c) >= 3), "")
        words.append(word[len(clitic) :])
    return {word for word in words if word not in _TITLES} or set(words)


def same_name(wanted: list[str], name: str | None) -> bool:
    """Whether a predicted name denotes one of the gold names."""
    theirs = _name_words(name) if name else set()
    for gold in wanted:
        ours = _name_words(gold)
        if (
            ours
            and theirs
            and (ours <= theirs or theirs <= ours or 2 * len(ours & theirs) / (len(ours) + len(theirs)) >= _SAME)
        ):
            return True
    return False


def _names(party: Row | None) -> list[str]:
    return [party["name"], *party.get("also", [])] if party else []


def _parties(statement: Row, role: str) -> list[Row]:
    value = statement.get(role)
    return [party for party in (value if isinstance(value, (list, tuple)) else [value]) if party]


def _touched(text: str) -> Callable[[Iterable[Any]], frozenset[int]]:
    """What says which words of a text, by number, spans of characters touch."""
    words = [match.span() for match in _WORD.finditer(text)]

    def touched(spans: Iterable[Any]) -> frozenset[int]:
        return frozenset(i for start, end in spans for i, (a, b) in enumerate(words) if a < end and start < b)

    return touched


def right_ones(gold: Row, predicted: Row) -> set[int]:
    """The numbers of the predicted statements that are annotated and whose speaker is right."""
    touched = _touched(gold["text"])
    ours, theirs = gold["statements"], predicted["statements"]
    pairs = _pair_up([touched(s["content"]) for s in ours], [touched(s["content"]) for s in theirs])
    return {j for i, j in pairs.items() if same_name(_names(ours[i]["speaker"]), theirs[j]["speaker"]["name"])}


def right_events(gold: Row, predicted: Row) -> set[int]:
    """The numbers of the events of a reading that the annotation has, with their type and a word of their triggers."""
    return set(event_pairs(gold, predicted).values())


def event_pairs(gold: Row, predicted: Row) -> dict[int, int]:
    """The event of a reading that each annotated one is, by numbers; those that were not read are left out."""
    return _pair_events(gold.get("events") or [], predicted["events"], _touched(gold["text"]))


def score_article(gold: Row, predicted: Row) -> Counter[str]:
    """Return the counts of one article, as `summary` takes them."""
    touched = _touched(gold["text"])
    ours, theirs = gold["statements"], predicted.get("statements", [])
    our_words = [touched(s["content"]) for s in ours]
    their_words = [touched(s["content"]) for s in theirs]
    pairs = _pair_up(our_words, their_words)
    n: Counter[str] = Counter(gold=len(ours), pred=len(theirs), match=len(pairs))
    direct = {i for i, s in enumerate(ours) if s["kind"] in ("direct", "mixed")}
    their_direct = {j for j, s in enumerate(theirs) if s["kind"] in ("direct", "mixed")}
    n.update(gold_direct=len(direct), pred_direct=len(their_direct))
    for i, j in pairs.items():
        g, p = ours[i], theirs[j]
        who = same_name(_names(g["speaker"]), (p.get("speaker") or {}).get("name"))
        exact = our_words[i] == their_words[j]
        n.update(
            who=who,
            exact=exact,
            exact_who=who and exact,
            kind=g["kind"] == p["kind"],
            stance=g["stance"] == p["stance"],
        )
        n.update(direct_r=i in direct and who, direct_p=j in their_direct and who and i in direct)
        if g.get("cue"):
            cue = p.get("cue") or [0, 0]
            n.update(cue_gold=1, cue=g["cue"][0] < cue[1] and cue[0] < g["cue"][1])
    for role in ("addressee", "sources"):
        n[role + "_pred"] += sum(len(_parties(p, role)) for p in theirs)
        for i, g in enumerate(ours):
            left = _parties(theirs[pairs[i]], role) if i in pairs else []
            for party in _parties(g, role):
                n[role + "_gold"] += 1
                hit = next((p for p in left if same_name(_names(party), p["name"])), None)
                if hit is not None:
                    left.remove(hit)
                    n[role] += 1
    if "events" in gold:
        n.update(_score_events(gold["events"], predicted.get("events", []), touched))
    return n


def _score_events(
    ours: list[Row], theirs: list[Row], touched: Callable[[Iterable[Any]], frozenset[int]]
) -> Counter[str]:
    """Count the events: of one type, with a word of their triggers in common, paired by the parties that they share."""
    n: Counter[str] = Counter(ev_gold=len(ours), ev_pred=len(theirs))
    pairs = _pair_events(ours, theirs, touched)
    n.update(Counter(f"ev_gold {one['type']}" for one in ours))
    n.update(Counter(f"ev_pred {one['type']}" for one in theirs))
    n.update(_score_joining(ours, theirs, touched))
    for i, j in pairs.items():
        g, p = ours[i], theirs[j]
        shared = _shared(_takers(g), _takers(p))
        n.update([f"ev_match {g['type']}"])
        n.update(ev_match=1, ev_status=g["status"] == p["status"], ev_party=len(shared))
        n.update(ev_side=sum(_acts(g, one) == _acts(p, other) for one, other in shared))
        n.update(ev_party_gold=len(_takers(g)), ev_party_pred=len(_takers(p)))
        if g.get("date"):
            days = p["date"] or {}
            n.update(ev_date_gold=1, ev_date=all(days.get(end) == g["date"][end] for end in ("start", "end")))
        if g.get("place"):
            n.update(ev_place_gold=1, ev_place=same_name(_names(g["place"]), (p["place"] or {}).get("name")))
    return n


def _pair_events(
    ours: list[Row], theirs: list[Row], touched: Callable[[Iterable[Any]], frozenset[int]]
) -> dict[int, int]:
    """The reading's event of each annotated one that it has, by numbers."""
    options = [
        (len(_shared(_takers(g), _takers(p))), -i, -j)
        for i, g in enumerate(ours)
        for j, p in enumerate(theirs)
        if g["type"] == p["type"] and touched(g["triggers"]) & touched(p["triggers"])
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(options, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def _score_joining(
    ours: list[Row], theirs: list[Row], touched: Callable[[Iterable[Any]], frozenset[int]]
) -> Counter[str]:
    """Count pairs of annotated mentions that are one event in the annotation, in the reading, and in both.

    Mentions count that the reading has as well, under the type of the annotation.
    """
    known: list[tuple[int, int]] = []  # of each mention the annotated event and the one read
    words = [(number, p["type"], touched(p["triggers"])) for number, p in enumerate(theirs)]
    for i, g in enumerate(ours):
        for span in g["triggers"]:
            here = touched([span])
            j = next((number for number, kind, theirs_ in words if kind == g["type"] and here & theirs_), None)
            if j is not None:
                known.append((i, j))
    n: Counter[str] = Counter()
    for (i, j), (other_i, other_j) in combinations(known, 2):
        n.update(joined_gold=i == other_i, joined_pred=j == other_j, joined=i == other_i and j == other_j)
    return n


def _acts(event: Row, party: Row) -> bool:
    """Whether a party of an event is one of those who did it."""
    return any(party is actor for actor in event["actors"])


def _takers(event: Row) -> list[Row]:
    return [*event["actors"], *event["recipients"]]


def _shared(wanted: list[Row], parties: list[Row]) -> list[tuple[Row, Row]]:
    """The parties of an annotation that a reading has, each matched once, with the reading's."""
    left, found = list(parties), []
    for party in wanted:
        hit = next((other for other in left if same_name(_names(party), other["name"])), None)
        if hit is not None:
            left.remove(hit)
            found.append((party, hit))
    return found


def _pair_up(gold: list[frozenset[int]], predicted: list[frozenset[int]]) -> dict[int, int]:
    scored = sorted(
        (
            (f, -i, -j)
            for i, g in enumerate(gold)
            for j, p in enumerate(predicted)
            if g and p and (f := 2 * len(g & p) / (len(g) + len(p))) >= MATCH
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for _, i, j in scored:
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def summary(n: Counter[str]) -> dict[str, float]:
    """Return precision, recall and F1 of each metric from the counts of articles added up."""
    out: dict[str, float] = {}
    for key, hit, want, got in (
        ("statement", "match", "gold", "pred"),
        ("attributed", "who", "gold", "pred"),
        ("exact", "exact", "gold", "pred"),
        ("exact_attributed", "exact_who", "gold", "pred"),
        ("addressee", "addressee", "addressee_gold", "addressee_pred"),
        ("sources", "sources", "sources_gold", "sources_pred"),
        ("event", "ev_match", "ev_gold", "ev_pred"),
        ("event_party", "ev_party", "ev_party_gold", "ev_party_pred"),
        ("event_joined", "joined", "joined_gold", "joined_pred"),
    ):
        out |= _prf(key, n[hit] / n[got] if n[got] else 0.0, n[hit] / n[want] if n[want] else 0.0)
    out |= _prf(
        "direct_attributed",
        n["direct_p"] / n["pred_direct"] if n["pred_direct"] else 0.0,
        n["direct_r"] / n["gold_direct"] if n["gold_direct"] else 0.0,
    )
    out["kind_accuracy"] = n["kind"] / (n["match"] or 1)
    out["stance_accuracy"] = n["stance"] / (n["match"] or 1)
    out["cue_recall"] = n["cue"] / (n["cue_gold"] or 1)
    out["event_side_accuracy"] = n["ev_side"] / (n["ev_party"] or 1)
    out["event_status_accuracy"] = n["ev_status"] / (n["ev_match"] or 1)
    out["event_date_accuracy"] = n["ev_date"] / (n["ev_date_gold"] or 1)
    out["event_place_accuracy"] = n["ev_place"] / (n["ev_place_gold"] or 1)
    return out


def _prf(key: str, p: float, r: float) -> dict[str, float]:
    return {key + "_p": p, key + "_r": r, key + "_f1": 2 * p * r / (p + r) if p + r else 0.0}
