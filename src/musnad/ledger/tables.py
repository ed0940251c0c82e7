"""The tables of a ledger. The first three hold what was read; the others what people decided.

`documents.number`, `statements.number` and `entities.number` are the row numbers that all else refers to.
Spans are kept as JSON of code points, end exclusive, beside the words themselves, so that every row can be
checked against its article (`verify`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

documents = Table(
    "documents", metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("hash", String(32), nullable=False),  # of all fields of the article
    Column("copy_of", Integer, ForeignKey("documents.number"), index=True),  # the first article of the same text
    Column("title", Text),
    Column("outlet", Text),
    Column("url", Text),
    Column("published", String(10), index=True),
    Column("text", Text, nullable=False),
    Column("rest", LargeBinary, nullable=False),  # mentions and notes: JSON, deflated
    Index("documents_by_outlet", "outlet", "published"),
)  # fmt: skip

fingerprints = Table(  # of the first article of every text: under these keys its copies meet it
    "fingerprints", metadata,
    Column("band", BigInteger, primary_key=True),
    Column("document", Integer, ForeignKey("documents.number"), primary_key=True),
    sqlite_with_rowid=False,
)  # fmt: skip

entities = Table(
    "entities", metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # identifier, or the folded words of the name
    Column("name", Text, nullable=False),
    Column("identifier", Text),
    Column("words", Text, nullable=False),  # folded words with a space on both sides, for look-up by a part
    Column("described", Boolean, nullable=False),  # names nobody: «الوزير»، «مصدر أمني»
    Column("last", Text, index=True),  # the last of the words: «ترامب» of «دونالد ترامب»
)  # fmt: skip

statements = Table(
    "statements", metadata,
    Column("number", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("stance", String(9), nullable=False),
    Column("speaker", Integer, ForeignKey("entities.number"), nullable=False),  # after the decisions of people
    Column("read_as", Integer, ForeignKey("entities.number"), nullable=False),  # as it was read
    Column("content", Text, nullable=False),  # [[start, end], …]
    Column("words", Text, nullable=False),  # the content as written
    Column("cue", Text),
    Column("parties", Text, nullable=False),  # cue, speaker, addressee, sources with spans, names, identifiers: JSON
    Column("within", Text),
    Column("confidence", Float, nullable=False),
    Column("published", String(10)),
    Column("seal", BigInteger),  # `rows.seal_of`; null in rows of older versions
    Column("corrected", String(7)),  # by a person: mended, added, checked; null where it is as it was read
    Column("anchor", Text),  # under which its corrections are kept
    UniqueConstraint("document", "id"),
    CheckConstraint("length(content) > 4 AND length(words) > 0", name="evidence"),
    Index("statements_of_speaker", "speaker", "published"),
    Index("statements_by_stance", "stance", "published"),
    Index("statements_by_day", "published", "number"),
    Index("statements_by_doubt", "confidence", "number"),
)  # fmt: skip

sources = Table(
    "sources", metadata,
    Column("statement", Integer, ForeignKey("statements.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("entity", Integer, ForeignKey("entities.number"), nullable=False, index=True),  # after the decisions of people
    Column("read_as", Integer, nullable=False),  # as it was read
)  # fmt: skip

events = Table(
    "events", metadata,
    Column("number", Integer, primary_key=True),
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), nullable=False),
    Column("id", Text, nullable=False),
    Column("type", String(9), nullable=False),
    Column("mode", Text),
    Column("status", String(9), nullable=False),
    Column("words", Text, nullable=False),  # the triggers as written
    Column("first_day", String(10)),
    Column("last_day", String(10)),
    Column("place", Text),  # its name's folded words with a space on both sides
    Column("said_in", Text),
    Column("confidence", Float, nullable=False),
    Column("spans", Text, nullable=False),  # triggers, actors, recipients, date, place with spans, names, identifiers: JSON
    Column("seal", BigInteger),
    Column("corrected", String(7)),
    Column("anchor", Text),
    UniqueConstraint("document", "id"),
    CheckConstraint("length(words) > 0", name="evidence_of_event"),
    Index("events_by_day", "first_day"),
    Index("events_by_doubt", "confidence", "number"),
    Index("events_by_type", "type", "first_day"),
)  # fmt: skip

participants = Table(
    "participants", metadata,
    Column("event", Integer, ForeignKey("events.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("side", String(9), nullable=False),  # actor or recipient
    Column("entity", Integer, ForeignKey("entities.number"), nullable=False, index=True),  # after the decisions of people
    Column("read_as", Integer, nullable=False),  # as it was read
)  # fmt: skip

stories = Table(  # articles about one matter; the number is that of its first article
    "stories", metadata,
    Column("number", Integer, primary_key=True),
    Column("first_day", Integer, nullable=False),  # proleptic ordinal days
    Column("last_day", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # terms and weights, see `across.stories`
    Index("stories_by_day", "last_day", "first_day"),
)  # fmt: skip

story_of = Table(
    "story_of", metadata,
    Column("document", Integer, ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
    Column("story", Integer, nullable=False, index=True),
    Column("day", Integer),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False),  # JSON
    Column("vector", LargeBinary, nullable=False),
)  # fmt: skip

term_days = Table(  # in how many articles of a day a term stands at the beginning
    "term_days", metadata,
    Column("term", BigInteger, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("documents", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

utterance_of = Table(  # one saying and its reports; the number is that of its first statement
    "utterance_of", metadata,
    Column("statement", Integer, ForeignKey("statements.number", ondelete="CASCADE"), primary_key=True),
    Column("utterance", Integer, nullable=False, index=True),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False),
)  # fmt: skip

happening_of = Table(  # one event and its accounts; the number is that of its first event
    "happening_of", metadata,
    Column("event", Integer, ForeignKey("events.number", ondelete="CASCADE"), primary_key=True),
    Column("happening", Integer, nullable=False, index=True),
    Column("score", Float, nullable=False),
    Column("why", Text, nullable=False),
)  # fmt: skip

happening_keys = Table(  # under which an event meets the happenings that it may be: type with party, place or story
    "happening_keys", metadata,
    Column("key", Text, primary_key=True),
    Column("event", Integer, ForeignKey("events.number", ondelete="CASCADE"), primary_key=True, index=True),
    Column("day", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

compared = Table(  # groups whose members were held against each other, and what they were then: `across.kept`
    "compared", metadata,
    Column("kind", String(11), primary_key=True),  # denial: of a story; happening; attribution: of a saying
    Column("number", Integer, primary_key=True),
    Column("stamp", BigInteger, nullable=False),
)  # fmt: skip

conflicts = Table(  # what was found then, in the order in which it was found
    "conflicts", metadata,
    Column("kind", String(11), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the group
    Column("position", Integer, primary_key=True),
    Column("about", String(7), nullable=False),
    Column("one", Integer, nullable=False),  # events, or statements
    Column("other", Integer, nullable=False),
    Column("weight", Float, nullable=False),
    Column("rank", Float, nullable=False),  # of those that are one for a reader the highest is shown
    Column("key", Text, nullable=False),  # what these share
)  # fmt: skip

links = Table(  # what people decided about stories, utterances and happenings
    "links", metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String(9), nullable=False),  # story, utterance, happening
    Column("action", String(5), nullable=False),  # merge, split
    Column("one", Text, nullable=False),  # article, or article#statement, article#event
    Column("other", Text, nullable=False),
    Column("made", String(19), nullable=False),
)  # fmt: skip

issues = Table(
    "issues", metadata,
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("made", String(19), nullable=False),
)  # fmt: skip

decisions = Table(
    "decisions", metadata,
    Column("number", Integer, primary_key=True),
    Column("action", String(8), nullable=False),  # merge, split, rename
    Column("key", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("made", String(19), nullable=False),
)  # fmt: skip

corrections = Table(  # every change that a person made, in the order in which they were made: none is ever taken away
    "corrections", metadata,
    Column("number", Integer, primary_key=True),
    Column("document", Text, nullable=False, index=True),  # the article's id: survives a new reading
    Column("part", String(9), nullable=False),  # statement or event
    Column("content", Text, nullable=False),  # the anchor: the spans of the content or of the triggers, as read or as added
    Column("words", Text),  # what stands there: in another text of the article the correction does not hold
    Column("value", Text, nullable=False),  # as it was read (null where it was missed) and what was changed (null: taken out): JSON
    Column("author", Text),
    Column("note", Text),
    Column("made", String(19), nullable=False),
    Column("undone", String(19)),
    Column("undone_by", Text),
)  # fmt: skip

watches = Table(  # searches that somebody comes back to
    "watches", metadata,
    Column("name", Text, primary_key=True),
    Column("wanted", Text, nullable=False),  # `watches.Wanted`: JSON
    Column("made", String(19), nullable=False),
    Column("told", Integer, nullable=False),  # the last statement that was there when it was last told of
)  # fmt: skip

fetched = Table(
    "fetched", metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("modified", Text),
)  # fmt: skip

settings = Table("settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
