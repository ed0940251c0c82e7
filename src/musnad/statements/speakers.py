"""Who speaks: the subject in the cue's clause, the subject before it, or whoever spoke last."""

from __future__ import annotations

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.naming import name_of
from musnad.names.parties import read_party
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.addressees import find_addressee
from musnad.statements.draft import Draft, Tokens
from musnad.statements.subjects import clause_subject, subject_before

_SILENT = 6  # sentences back to which a verb without subject looks for one where nobody has spoken yet
_BESIDE = 12  # tokens back from a participle to its verb
_MEMORY = 60  # statements back to which a dropped subject may reach
#: Kinds of heads that a person's name in their phrase does not name: «مسؤولون في إدارة ترامب».
_SEVERAL = {"unnamed", "group"}


def find_speakers(page: Page, spots: Spots, cast: Cast, drafts: list[Draft]) -> None:
    """Give every draft its speaker, in the order of the text; a draft whose speaker nobody can tell keeps none."""
    order = sorted(range(len(drafts)), key=lambda n: (drafts[n].cue_at, drafts[n].content))
    done: list[Draft] = []
    for n in order:
        draft = drafts[n]
        if draft.speaker is None:
            draft.speaker = _in_clause(page, spots, cast, draft)
        if draft.speaker is not None and _is_told(page, draft, done):
            draft.speaker = None
        describes = draft.frame in {"phrase", "bare"} and page.flags[draft.cue_at - 1] & w.RELATIVE
        if draft.speaker is None and describes and draft.cue_at > 0 and not (draft.cue and draft.cue.suffix):
            done.append(draft)  # «الدول التي رحبت بالاتفاق»
            continue
        if draft.speaker is not None:
            draft.speaker_name = name_of(page, spots, cast, draft.speaker)
            draft.voice = draft.speaker
        else:
            _from_context(page, spots, cast, draft, done, drafts)
        if draft.within < 0 and draft.speaker_name:
            cast.last_speaker = cast.by_name.get(draft.speaker_name, cast.last_speaker)
        find_addressee(page, spots, draft)
        done.append(draft)


def _is_told(page: Page, draft: Draft, done: list[Draft]) -> bool:
    """«قال كذا، وحذر بوتين من …»: in one sentence a second verb that takes an object has the subject of the first."""
    cue, at = draft.cue, draft.cue_at
    if cue is None or "whom" not in cue.frames or page.words[at].prefix != "و" or draft.speaker is None or not done:
        return False
    before = done[-1]
    follows = before.cue_at >= page.sentence_of(at)[0] and before.within < 0 and draft.within < 0
    alone = draft.region[0] == draft.speaker[0] and draft.region[1] - draft.speaker[1] <= 1
    same = before.cue is not None and before.cue.gender == cue.gender and before.cue.number == cue.number
    return follows and alone and same and before.frame != "colon"


def _in_clause(page: Page, spots: Spots, cast: Cast, draft: Draft) -> Tokens | None:
    """The party that the cue's own clause names: after the verb, or before it."""
    cue = draft.cue
    if cue is None:
        return None
    first, last = draft.region
    if "venue" in cue.frames:  # «جاء في البيان أن»: the document is the speaker
        while first < last and page.words[first].form in {"ايضا", "كذلك"}:
            first += 1
        return read_party(page, spots, first + 1, last)
    if cue.part == "noun" and page.words[first].form == "من" and page.words[first + 1].form in {"جانب", "قبل", "طرف"}:
        return read_party(page, spots, first + 2, last)
    if cue.part == "noun" and (cue.suffix or page.words[draft.cue_at].prefix == "ب"):
        attached = page.words[draft.cue_at].prefix == "ب" and last > first
        return read_party(page, spots, first, last) if attached else None
    if cue.lemma == "قال" and cue.part in {"participle", "noun"} and draft.frame != "before":
        answered = _verb_before(page, spots, draft.cue_at)
        if answered is not None:
            return answered
    if cue.part == "participle" and draft.frame != "before":
        return None
    at = draft.cue_at
    if "whom" in cue.frames and at and page.flags[at - 1] & w.PREPOSITION and not page.words[at].prefix:
        return None  # «على حث الأطراف»: the noun, and who follows is told
    if (
        "whom" in cue.frames
        and last > first
        and page.words[first].raw.endswith(("ه", "هم", "ها", "هما"))
        and not spots.at[first]
    ):
        return subject_before(page, spots, cast, draft)  # «أبلغ جنوده»: the object
    left = subject_before(page, spots, cast, draft)
    if cue.part == "past" and cue.number == "p":
        return left  # before its subject a verb is singular: behind «رفضوا» stands the object
    if left is not None and ("whom" in cue.frames or left == (page.sentence_of(at)[0], at)):
        return left  # «التحالف يكشف سبب …»: the subject opens the sentence
    if last > first:
        party = read_party(page, spots, first, last)
        if party is not None and _plausible(page, spots, party):
            if "whom" in cue.frames:
                gender = _gender(page, cast, party)
                if gender and gender != cue.gender and cue.part == "past" and cue.number == "s":
                    return subject_before(page, spots, cast, draft)  # «ودعا الشركات إلى»: no subject, those told
                # «دعا الوزير النواب إلى …»: of two noun phrases in a row the first is the subject
                return read_subject(page, spots, party[0], party[1]) or party
            return party
    return left


def _verb_before(page: Page, spots: Spots, at: int) -> Tokens | None:
    """«رد عليه الرئيس قائلا»: the subject right behind the verb that a participle of saying goes with."""
    sentence, _ = page.sentence_of(at)
    for i in range(at - 1, max(sentence, at - _BESIDE) - 1, -1):
        if page.flags[i] & (w.THAT | w.COLON | w.OPEN | w.CLOSE):
            return None
        word = page.words[i]
        if word.cues and word.cues[0].part in {"past", "present"} and word.role is None and spots.at[i] is None:
            party = read_party(page, spots, i + 1, at)
            near = party is not None and at - party[1] <= 1 and spots.at[party[1] - 1] is not None
            return party if near else None
    return None


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
    if word.cues and word.cues[0].part == "participle":
        return False
    return word.form not in {"عدم", "ذلك", "هذا", "هذه", "ما", "كل", "اي", "مره", "مرارا", "نحو"}


def _from_context(page: Page, spots: Spots, cast: Cast, draft: Draft, done: list[Draft], drafts: list[Draft]) -> None:
    """A cue that names nobody: take the speaker of the statement it goes on from, or the subject it leans on."""
    at, cue = draft.cue_at, draft.cue
    sentence, _ = page.sentence_of(at)
    if draft.within >= 0:
        _from_holder(page, spots, cast, draft, done, drafts[draft.within])
        return
    earlier = [d for d in done[-_MEMORY:] if d.speaker_name and d.within < 0]
    clause = _clause_of_noun(page, draft, sentence)
    same = [d for d in earlier if d.cue_at >= clause]
    if same and (cue is None or _agrees(page, cast, cue, same[-1])):
        _copy(draft, same[-1])
        return
    if cue is not None and cue.part == "present" and page.words[at].prefix == "" and _describes(page, sentence, at):
        noun = _telling_noun(page, sentence, at)  # «رسالة تفيد بأن …»: the verb belongs to the noun before it
        if noun is not None:
            _name(page, spots, cast, draft, noun, 0.6)
        return
    subject = _leaning_on(page, spots, cast, draft, clause, same[-1].cue_at if same else None)
    if subject is not None:
        _name(page, spots, cast, draft, subject, 0.7)
        return
    fits = [d for d in earlier if cue is None or _agrees(page, cast, cue, d)]
    between = _subject_between(page, spots, cast, fits[-1] if fits else None, sentence, cue.gender if cue else "")
    if between is not None:
        _name(page, spots, cast, draft, between, 0.6)
    elif fits or earlier:
        _copy(draft, (fits or earlier)[-1])


def _clause_of_noun(page: Page, draft: Draft, sentence: int) -> int:
    """Where the clause that a verbal noun stands in begins: «بعدما وجه ترامب الشكر»; of other cues, the sentence."""
    saying = draft.cue is not None and draft.cue.lemma == "قال" and draft.cue.part == "participle"
    if draft.cue is None or not (draft.cue.part == "noun" or saying):
        return sentence
    back = range(draft.cue_at - 2, sentence, -1)
    return next((i + 1 for i in back if page.flags[i] & (w.CLAUSE | w.ADVERBIAL)), sentence)


def _leaning_on(page: Page, spots: Spots, cast: Cast, draft: Draft, clause: int, spoke: int | None) -> Tokens | None:
    """The subject that a cue without one leans on: of a contrast the last person who agrees, else the clause's own."""
    at, cue = draft.cue_at, draft.cue
    if cue is not None and spoke is not None and page.words[at - 1].form.removeprefix("و") in {"لكنه", "لكنها"}:
        near = _person_since(page, cast, spoke, at, cue.gender)
        if near is not None:
            return near
    subject = clause_subject(page, spots, clause, at) if at > clause + 1 else None
    if subject is None or cue is None:
        return subject
    if cue.part == "noun" and cue.suffix in {"ه", "ها"} and cast.person_in(*subject) is None:
        subject = _person_since(page, cast, clause, at, cue.gender) or subject  # «الجماهير … بعد تأكيده»
    return subject if _agrees_in_gender(page, subject, cue.gender) else None


def _person_since(page: Page, cast: Cast, first: int, at: int, gender: str) -> Tokens | None:
    """The last person named between two tokens who agrees: «قالت إنهن سألن الرئيس لكنه قال»."""
    for spot in reversed(cast.spots_between(first, at)):
        person = cast.of_spot.get(spot)
        if person is not None and (person.gender or "m") == gender:
            return spot, cast.spot_end(spot)
    return None


def _telling_noun(page: Page, sentence: int, at: int) -> Tokens | None:
    """The noun for news or a paper that a describing verb belongs to: «راجت أخبار … تفيد بأن»."""
    for i in range(at - 1, max(sentence, at - _BESIDE) - 1, -1):
        role = page.words[i].role
        if page.flags[i] & (w.COMMA | w.THAT):
            return None
        if role is not None and role.kind == "paper":
            return i, i + 1
    return None


def _describes(page: Page, sentence: int, at: int) -> bool:
    """A present verb in mid sentence that nothing joins to the clause before it."""
    if at <= sentence + 1:
        return False
    before, flags = page.words[at - 1], page.flags[at - 1]
    joined = flags & (w.CLAUSE | w.RELATIVE | w.PRONOUN | w.KANA | w.THAT | w.SOURCE)
    return not joined and not flags & w.COMMA and before.form not in {"كما", "ما", "ثم", "حين", "عندما", "و"}


def _from_holder(page: Page, spots: Spots, cast: Cast, draft: Draft, done: list[Draft], holder: Draft) -> None:
    """Within somebody's content: the speaker of the nested statement before, a subject there, or the holder himself."""
    at = draft.cue_at
    sentence, _ = page.sentence_of(at)
    beside = [d for d in done[-_MEMORY:] if d.within == draft.within and d.speaker_name and d.cue_at >= sentence]
    if beside and (page.words[at].prefix or page.words[at - 1].form in {"انه", "انها", "انهم"}):
        _copy(draft, beside[-1])
    elif page.quote_of[at] < 0:
        start = page.token_at(holder.content[0][0])
        cue = draft.cue
        if cue is not None and cue.part == "past" and holder.cue is not None and holder.cue.gender != cue.gender:
            subject = clause_subject(page, spots, start - 1, at)
            if subject is not None and _agrees_in_gender(page, subject, cue.gender):
                _name(page, spots, cast, draft, subject, 0.6)
                return
        subject = subject_before(page, spots, cast, draft) if at > page.token_at(holder.content[0][0]) + 1 else None
        if subject is not None:
            _name(page, spots, cast, draft, subject, 0.7)
        elif holder.speaker_name:
            _copy(draft, holder)


def _name(page: Page, spots: Spots, cast: Cast, draft: Draft, party: Tokens, confidence: float) -> None:
    draft.speaker_name = name_of(page, spots, cast, party)
    draft.voice = party
    draft.confidence = min(draft.confidence, confidence)


def _copy(draft: Draft, other: Draft) -> None:
    draft.speaker_name = other.speaker_name
    draft.voice = other.voice
    draft.confidence = min(draft.confidence, other.confidence) * 0.95


def _gender(page: Page, cast: Cast, party: Tokens) -> str:
    """m, f or unknown of a party, by its head."""
    head = page.words[party[0]]
    if head.role is not None:
        return head.role.gender
    person = cast.person_in(*party)
    if person is not None:
        return person.gender
    return "f" if head.form.endswith(("ه", "ات")) and len(head.form) > 3 else ""


def _agrees(page: Page, cast: Cast, cue: Cue, other: Draft) -> bool:
    """Whether a verb without a subject agrees in gender and number with who spoke before."""
    if other.voice is None:
        return True
    gender = _gender(page, cast, other.voice)
    role = page.words[other.voice[0]].role
    people = role is not None and role.kind in _SEVERAL and role.gender == "m"
    one = cast.person_in(*other.voice) is not None and role is None
    if cue.number == "p" and (gender or one) and not people and not _joint(page, other.voice):
        return False
    if cue.number == "s" and role is not None and people and role.noun.endswith(("ون", "ين")):
        return False
    return not gender or gender == cue.gender


def _joint(page: Page, party: Tokens) -> bool:
    return any(page.words[i].prefix == "و" for i in range(party[0] + 1, party[1]))


def _agrees_in_gender(page: Page, party: Tokens, gender: str) -> bool:
    role = page.words[party[0]].role
    return role is None or role.gender == gender


def _subject_between(
    page: Page, spots: Spots, cast: Cast, last: Draft | None, sentence: int, gender: str
) -> Tokens | None:
    """The subject of the sentence just before, where it tells of a person and nobody has spoken since."""
    number = page.sentence_number(sentence)
    if number == 0:
        return None
    back = 1 if last is not None else min(number, _SILENT)
    for first, limit in reversed(page.sentences[number - back : number]):
        if last is not None and last.cue_at >= first:
            return None
        subject = _doer(page, spots, cast, first, limit, gender)
        if subject is not None:
            return subject
    return None


def _doer(page: Page, spots: Spots, cast: Cast, first: int, limit: int, gender: str) -> Tokens | None:
    """The person who is the subject of a sentence and agrees with the verb."""
    subject = clause_subject(page, spots, first, limit)
    if subject is None:
        return None
    person = cast.person_in(*subject)
    role = page.words[subject[0]].role
    if person is None and (role is None or role.kind not in {"office", "person"}):
        return None
    theirs = role.gender if role is not None else person.gender if person is not None else ""
    return None if theirs and gender and theirs != gender else subject
