"""Who speaks: the subject in the cue's clause, the subject before it, or whoever spoke last."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.addressees import find_addressee
from musnad.statements.draft import Draft, Tokens
from musnad.statements.frames import read_subject
from musnad.statements.parties import read_party

_MEMORY = 60  # statements back to which a dropped subject may reach
_UNNAMED_KINDS = {"unnamed", "group"}


def find_speakers(page: Page, spots: Spots, cast: Cast, drafts: list[Draft]) -> None:
    """Give every draft its speaker, in the order of the text; a draft whose speaker nobody can tell keeps none."""
    order = sorted(range(len(drafts)), key=lambda n: (drafts[n].cue_at, drafts[n].content))
    done: list[Draft] = []
    for n in order:
        draft = drafts[n]
        if draft.speaker is None:
            draft.speaker = _in_clause(page, spots, cast, draft)
        if draft.speaker is not None:
            draft.speaker_name = name_of(page, spots, cast, draft.speaker)
        else:
            _from_context(page, spots, cast, draft, done, drafts)
        if draft.within < 0 and draft.speaker_name:
            cast.last_speaker = cast.by_name.get(draft.speaker_name, cast.last_speaker)
        find_addressee(page, spots, draft)
        done.append(draft)


def name_of(page: Page, spots: Spots, cast: Cast, party: Tokens) -> str:
    """The fullest name that the article gives for a party."""
    first, last = party
    person = cast.person_in(first, last)
    if person is not None:
        return person.name
    role = page.words[first].role
    if any(page.flags[i] & w.REFERENCE for i in range(first, last)) and role is not None:
        earlier = _earlier_same_head(page, cast, first)
        if earlier:
            return earlier
    office = cast.person_of_office(first, last, first) if role is not None else None
    if office is not None:
        return office.name
    if role is None or role.kind not in {"body", "outlet", "paper", "unnamed"}:
        part = cast.person_by_part(first, last)
        if part is not None:
            return part.name
    text = cast.text(first, last)
    if role is not None and role.kind in {"body", "outlet"} or page.flags[first] & w.DEFINITE:
        fuller = cast.fuller_body(first, last)
        cast.add_body(first, last)
        return fuller or text
    if role is not None and role.kind in _UNNAMED_KINDS:
        cast.add_body(first, last)
    return text


def _earlier_same_head(page: Page, cast: Cast, first: int) -> str | None:
    return cast.last_body(first)


def _in_clause(page: Page, spots: Spots, cast: Cast, draft: Draft) -> Tokens | None:
    """The party that the cue's own clause names: after the verb, or before it."""
    cue = draft.cue
    if cue is None:
        return None
    first, last = draft.region
    if "venue" in cue.frames:  # «جاء في البيان أن»: the document is the speaker
        return read_party(page, spots, first + 1, last)
    if cue.part == "noun" and page.words[first].form == "من" and page.words[first + 1].form in {"جانب", "قبل", "طرف"}:
        return read_party(page, spots, first + 2, last)
    if cue.part == "noun" and (cue.suffix or page.words[draft.cue_at].prefix == "ب"):
        party = read_party(page, spots, first, last) if page.words[draft.cue_at].prefix == "ب" and last > first else None
        return party
    if cue.part == "participle" and draft.frame != "before":
        return None
    at = draft.cue_at
    if "whom" in cue.frames and at and page.flags[at - 1] & w.PREPOSITION and not page.words[at].prefix:
        return None  # «على حث الأطراف»: the noun, and who follows is told
    if "whom" in cue.frames and last > first and page.words[first].raw.endswith(("ه", "هم", "ها", "هما")) and not spots.at[first]:
        return _before(page, spots, cast, draft)  # «أبلغ جنوده»: the object
    if "whom" in cue.frames and (left := _before(page, spots, cast, draft)) is not None:
        return left
    if last > first:
        party = read_party(page, spots, first, last)
        if party is not None and _plausible(page, spots, party):
            if "whom" in cue.frames:
                return _subject_only(page, spots, party, draft)
            return party
    return _before(page, spots, cast, draft)


def _subject_only(page: Page, spots: Spots, party: Tokens, draft: Draft) -> Tokens | None:
    """«دعا الوزير النواب إلى …»: of two noun phrases in a row the first is the subject."""
    return read_subject(page, spots, party[0], party[1]) or party


def _plausible(page: Page, spots: Spots, party: Tokens) -> bool:
    """A noun that can speak: named, known, or at least not a particle, verb or number."""
    first, _ = party
    word, flags = page.words[first], page.flags[first]
    if spots.at[first] is not None or word.role is not None:
        return True
    if flags & (w.PRONOUN | w.NUMBER | w.FIRST_PERSON | w.NEGATION | w.PREPOSITION | w.ADVERBIAL | w.RELATIVE):
        return False
    if word.prefix[-1:] in ("ب", "ل", "ك") and word.prefix:
        return False
    return word.form not in {"ذلك", "هذا", "هذه", "ما", "كل", "اي", "مره", "مرارا", "نحو"}


def _before(page: Page, spots: Spots, cast: Cast, draft: Draft) -> Tokens | None:
    """The subject before the verb: «لكن الرئيس قال»، «وكان مسؤول أعلن»، «كيري يحذر»، «الوزير الذي أضاف»."""
    at = draft.cue_at
    word = page.words[at]
    if word.prefix or draft.cue is None or draft.cue.part not in {"past", "present"}:
        return None
    sentence, _ = page.sentence_of(at)
    i = at - 1
    while i >= sentence and page.flags[i] & (w.QAD | w.TIME | w.NEGATION) or (i >= sentence and page.words[i].form in {"ايضا", "قد", "بدوره", "بدورها"}):
        i -= 1
    if i >= sentence and page.flags[i] & w.RELATIVE:
        if draft.cue.suffix:
            return None  # «الذي تتهمه»: the antecedent is the object
        draft.antecedent = True
        return _antecedent(page, spots, i, sentence)
    first = i
    floor = max(sentence, at - 22)
    while first >= floor:
        flags = page.flags[first]
        if flags & (w.STOP | w.COLON | w.THAT | w.KANA | w.CLAUSE | w.QAD | w.RELATIVE | w.SOURCE):
            break
        if flags & w.COMMA and not (_bracketed(page, spots, first, i)):
            break
        if page.words[first].cues and page.words[first].cues[0].part in {"past"} and page.words[first].role is None and spots.at[first] is None and first != i:
            break
        if flags & w.OPEN and page.quotes.close.get(first, 0) > at:
            break
        first -= 1
    first += 1
    if first > i:
        return _after_kana(page, spots, sentence, at)
    if not page.flags[first - 1] & w.KANA and (kana := _after_kana(page, spots, sentence, at)) is not None:
        return kana
    party = read_party(page, spots, first, i + 1)
    if party is None:
        return None
    head = page.words[party[0]]
    known = cast.person_by_part(*party) is not None or spots.at[party[0]] is not None or head.role is not None or head.flags & (w.PLACE | w.LATIN | w.DEMONYM | w.DEFINITE)
    adjacent = party[1] == i + 1 and party[0] > sentence and bool(page.flags[party[0] - 1] & w.CLAUSE)
    if not (known or adjacent) or head.prefix[-1:] in ("ب", "ل", "ك") and head.prefix:
        return None
    if head.prefix in ("و", "ف") and party[0] != sentence and not page.flags[party[0] - 1] & w.COMMA:
        return None
    # nothing but adverbs may stand between the subject and its verb
    if any(
        not page.flags[k] & (w.ADVERBIAL | w.TIME | w.COMMA | w.PREPOSITION | w.VENUE | w.NUMBER | w.DEFINITE | w.QAD | w.MARK | w.PLACE)
        and page.words[k].prefix == "" and spots.at[k] is None
        for k in range(party[1], i + 1)
    ) and i + 1 - party[1] > 4:
        return None
    return party


def _after_kana(page: Page, spots: Spots, sentence: int, at: int) -> Tokens | None:
    """«وكان الوزير، الذي زار المدينة، قد قال»: the subject stands after the opening كان."""
    kana = next((k for k in range(sentence, min(sentence + 3, at)) if page.flags[k] & w.KANA), None)
    if kana is None or any(page.words[k].cues and page.words[k].prefix == "و" for k in range(kana + 1, at)):
        return None
    party = read_subject(page, spots, kana + 1, at)
    return party if party is not None and party[0] == kana + 1 else None


def _bracketed(page: Page, spots: Spots, comma: int, verb: int) -> bool:
    """Commas around an apposition do not end the subject: «الرئيس، دونالد ترامب، قال»."""
    after = comma + 1
    return after <= verb and (spots.starts(after) or page.words[after].role is not None or page.flags[after] & w.TIME != 0)


def _antecedent(page: Page, spots: Spots, relative: int, floor: int) -> Tokens | None:
    """The noun phrase that a relative pronoun takes up: the nearest phrase before it that names somebody."""
    i = relative - 1
    if i >= floor and page.flags[i] & w.COMMA:
        i -= 1
    end = i + 1
    first = end
    while i >= floor and end - i < 14:
        flags = page.flags[i]
        if flags & (w.STOP | w.COMMA | w.COLON | w.THAT | w.RELATIVE | w.CLAUSE | w.PREPOSITION | w.KANA):
            if spots.at[i] is None:
                break
        if page.words[i].cues and page.words[i].role is None and spots.at[i] is None:
            break
        if page.words[i].role is not None or spots.starts(i) or page.flags[i] & w.PLACE:
            first = i
        if page.words[i].prefix:
            break
        i -= 1
    if first >= end:
        return None
    return first, end


def _from_context(page: Page, spots: Spots, cast: Cast, draft: Draft, done: list[Draft], drafts: list[Draft]) -> None:
    """A cue that names nobody: take the speaker of the statement it goes on from, or the subject it leans on."""
    at = draft.cue_at
    sentence, _ = page.sentence_of(at)
    inside = page.quote_of[at] if at >= 0 else -1
    holder = drafts[draft.within] if draft.within >= 0 else None
    earlier = [d for d in done[-_MEMORY:] if d.speaker_name and d is not holder and d.within == draft.within]
    same = [d for d in earlier if d.cue_at >= sentence]
    cue = draft.cue
    if draft.within >= 0 and holder is not None:
        inner = [d for d in done[-_MEMORY:] if d.within == draft.within and d.speaker_name and d.cue_at >= sentence]
        if inner and not page.words[at].prefix == "":
            _copy(draft, inner[-1])
            return
        subject = _nested_subject(page, spots, cast, draft, holder)
        if subject is not None:
            draft.speaker_name = subject
            return
        if holder.speaker_name and page.quote_of[at] < 0:
            _copy(draft, holder)
        return
    if same and not (cue is not None and not _agrees(page, spots, cast, cue.gender, cue.number, same[-1])):
        lean = _subject_since(page, spots, cast, same[-1], draft)
        if lean is not None:
            draft.speaker_name = lean
            draft.confidence = 0.6
            return
        _copy(draft, same[-1])
        return
    subject = _sentence_subject(page, spots, cast, sentence, at)
    if subject is not None and (cue is None or _agrees_name(page, subject, cue.gender)):
        draft.speaker_name = name_of(page, spots, cast, subject)
        draft.confidence = 0.7
        return
    if cue is None:
        if earlier:
            _copy(draft, earlier[-1])
        return
    fits = [d for d in earlier if _agrees(page, spots, cast, cue.gender, cue.number, d)]
    between = _subject_between(page, spots, cast, fits[-1] if fits else None, sentence, cue.gender)
    if between is not None:
        draft.speaker_name = between
        draft.confidence = 0.6
    elif fits:
        _copy(draft, fits[-1])
    elif earlier:
        _copy(draft, earlier[-1])
    del inside


def _copy(draft: Draft, other: Draft) -> None:
    draft.speaker_name = other.speaker_name
    draft.confidence = min(draft.confidence, other.confidence) * 0.95


def _gender(page: Page, spots: Spots, cast: Cast, party: Tokens) -> str:
    """m, f or unknown of a party, by its head."""
    first, last = party
    head = page.words[first]
    if head.role is not None:
        return head.role.gender
    person = cast.person_in(first, last)
    if person is not None:
        return person.gender
    if head.form.endswith("ه") and len(head.form) > 3:
        return "f"
    return ""


def _agrees(page: Page, spots: Spots, cast: Cast, gender: str, number: str, other: Draft) -> bool:
    if other.speaker is None:
        return True
    theirs = _gender(page, spots, cast, other.speaker)
    plural = (role := page.words[other.speaker[0]].role) is not None and role.kind in _UNNAMED_KINDS and role.gender == "m"
    if number == "p" and not plural and theirs and not _joint(page, other.speaker):
        return False
    if number == "s" and plural and role is not None and role.noun.endswith(("ون", "ين")):
        return False
    return not theirs or theirs == gender


def _joint(page: Page, party: Tokens) -> bool:
    return any(page.words[i].prefix == "و" for i in range(party[0] + 1, party[1]))


def _agrees_name(page: Page, party: Tokens, gender: str) -> bool:
    role = page.words[party[0]].role
    return role is None or role.gender == gender


def _subject_at(page: Page, spots: Spots, first: int, limit: int) -> Tokens | None:
    """The subject of the clause that begins at `first`: after its verb, or its first noun phrase."""
    i = first
    while i < limit and (page.flags[i] & (w.CLAUSE | w.TIME | w.COMMA | w.QAD | w.KANA | w.OPEN) or page.words[i].form in {"و", "كما"}):
        i += 1
    if i + 2 < limit and page.words[i].form in {"من", "ومن"} and page.words[i + 1].form.endswith(("ه", "ها", "هم")):
        i += 2  # من جهته، من جانبها
    if i < limit and page.flags[i] & (w.ADVERBIAL | w.PREPOSITION) or i < limit and page.words[i].flags & w.VENUE:
        comma = next((k for k in range(i, min(limit, i + 15)) if page.flags[k] & w.COMMA), None)
        i = comma + 1 if comma is not None else i
    for at in (i + 1, i):
        if at >= limit:
            continue
        party = read_subject(page, spots, at, limit)
        if party is None or party[0] - at > 3:
            continue
        word = page.words[party[0]]
        spot = spots.at[party[0]]
        if word.prefix[-1:] in ("ب", "ل", "ك") and word.prefix:
            continue
        if spot is not None and spot[2] in {"PER", "ORG", "LOC"} or word.role is not None or word.flags & w.PLACE:
            return party
    return None


def _sentence_subject(page: Page, spots: Spots, cast: Cast, sentence: int, at: int) -> Tokens | None:
    return _subject_at(page, spots, sentence, at) if at > sentence + 1 else None


def _subject_since(page: Page, spots: Spots, cast: Cast, last: Draft, draft: Draft) -> str | None:
    """A new subject between the last statement of the sentence and a verb with و after it: none is assumed."""
    return None


def _subject_between(page: Page, spots: Spots, cast: Cast, last: Draft | None, sentence: int, gender: str) -> str | None:
    """The subject of the sentence just before, where it says of a person what he did and nobody spoke since."""
    index = page.sentence_number(sentence)
    if index == 0:
        return None
    first, limit = page.sentences[index - 1]
    if last is not None and last.cue_at >= first:
        return None
    if last is not None and index >= 2 and last.cue_at >= page.sentences[index - 2][0]:
        pass
    subject = _subject_at(page, spots, first, limit)
    if subject is None:
        return None
    person = cast.person_in(*subject)
    head = page.words[subject[0]].role
    if person is None and (head is None or head.kind not in {"office", "person"}):
        return None
    if head is not None and head.gender != gender or person is not None and person.gender and person.gender != gender:
        return None
    return name_of(page, spots, cast, subject)


def _nested_subject(page: Page, spots: Spots, cast: Cast, draft: Draft, holder: Draft) -> str | None:
    """The subject that a nested cue leans on, within the content that holds it."""
    first = page.token_at(holder.content[0][0])
    if page.quote_of[draft.cue_at] < 0 and draft.cue_at - first > 1:
        subject = _before(page, spots, cast, draft)
        if subject is not None:
            return name_of(page, spots, cast, subject)
    return None
