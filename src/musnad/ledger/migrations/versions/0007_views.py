"""Views with words where the tables have numbers, for programs that show a database: Datasette, sqlite-utils, psql.

They can be read only. A later schema that changes a column which they show drops and makes them again.
"""

from functools import partial

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the views."""
    for name, body in _views(op.get_bind().dialect.name == "sqlite").items():
        op.execute(f"CREATE VIEW {name} AS {body}")


_OF_ARTICLE = "d.id AS article, d.published, d.outlet, d.title, d.url"
_ORIGINAL = "(SELECT o.id FROM documents o WHERE o.number = d.copy_of) AS copy_of"


def _part(sqlite: bool, column: str, *keys: str) -> str:
    """A text within a cell of JSON."""
    if sqlite:
        return f"json_extract({column}, '$.{'.'.join(keys)}')"
    path = "".join(f"->'{key}'" for key in keys[:-1])
    return f"({column}::json{path}->>'{keys[-1]}')"


def _names(sqlite: bool, table: str, where: str) -> str:
    """The names of the parties of a row, in their order."""
    joined = "group_concat(name, '؛ ')" if sqlite else "string_agg(name, '؛ ' ORDER BY position)"
    rows = f"SELECT e.name, p.position FROM {table} p JOIN entities e ON e.number = p.entity WHERE {where} ORDER BY p.position"
    return f"(SELECT {joined} FROM ({rows}) AS parties)"


def _views(sqlite: bool) -> dict[str, str]:
    part, names = partial(_part, sqlite), partial(_names, sqlite)
    return {
        "articles_view": f"""
            SELECT d.id AS article, d.published, d.outlet, d.title, d.url, {_ORIGINAL},
                (SELECT so.story FROM story_of so WHERE so.document = d.number) AS story,
                (SELECT count(*) FROM statements s WHERE s.document = d.number) AS statements,
                (SELECT count(*) FROM events e WHERE e.document = d.number) AS events, d.text
            FROM documents d""",
        "statements_view": f"""
            SELECT {_OF_ARTICLE}, s.id AS statement, e.name AS speaker, e.key AS speaker_key, s.stance, s.kind, s.words, s.cue,
                {part("s.parties", "addressee", "name")} AS addressee, {names("sources", "p.statement = s.number")} AS sources,
                s.confidence, s.within, (SELECT u.utterance FROM utterance_of u WHERE u.statement = s.number) AS utterance, {_ORIGINAL}
            FROM statements s JOIN documents d ON d.number = s.document JOIN entities e ON e.number = s.speaker""",
        "events_view": f"""
            SELECT {_OF_ARTICLE}, v.id AS event, v.type, v.mode, v.status, coalesce(v.first_day, d.published) AS day, v.first_day, v.last_day,
                {names("participants", "p.event = v.number AND p.side = 'actor'")} AS actors,
                {names("participants", "p.event = v.number AND p.side = 'recipient'")} AS recipients,
                {part("v.spans", "place", "name")} AS place, {part("v.spans", "place", "entity")} AS place_id, v.words, v.confidence,
                (SELECT s.id FROM statements s WHERE s.document = v.document AND s.id = v.said_in) AS statement, (SELECT h.happening FROM happening_of h WHERE h.event = v.number) AS happening, {_ORIGINAL}
            FROM events v JOIN documents d ON d.number = v.document""",
        "participants_view": f"""
            SELECT {_OF_ARTICLE}, v.id AS event, v.type, v.status, coalesce(v.first_day, d.published) AS day, p.side, e.name, e.key,
                e.identifier, e.described, v.confidence
            FROM participants p JOIN events v ON v.number = p.event JOIN documents d ON d.number = v.document
                JOIN entities e ON e.number = p.entity""",
        "sources_view": f"""
            SELECT {_OF_ARTICLE}, s.id AS statement, speaker.name AS speaker, p.position, e.name AS source, e.key AS source_key
            FROM sources p JOIN statements s ON s.number = p.statement JOIN documents d ON d.number = s.document
                JOIN entities e ON e.number = p.entity JOIN entities speaker ON speaker.number = s.speaker""",
        "entities_view": """
            SELECT e.key, e.name, e.identifier, e.described,
                (SELECT count(*) FROM statements s WHERE s.speaker = e.number) AS statements,
                (SELECT count(*) FROM sources p WHERE p.entity = e.number) AS carried,
                (SELECT count(*) FROM participants p WHERE p.entity = e.number) AS events
            FROM entities e""",
    }
