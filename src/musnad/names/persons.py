"""Persons under the forms of their names that were counted in news: «بوتن», «عادل بن أحمد الجبير», «جوزيه مورينهو» (`persons.tsv`)."""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon.tables import rows
from musnad.names.forms import canonical, name_words
from musnad.text.fold import fold

UNKNOWN = "name:"  # how keys begin of those who have no identifier


class Bearer(NamedTuple):
    """Who bears a name: the key in a ledger, an identifier or the folded usual name, and the usual name."""

    key: str
    name: str


class Persons:
    """Finds persons by any form of their names.

    A surname alone is looked up with its article: «المعلم» is a minister, «معلم» any teacher.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # by key
        self.forms: dict[str, list[frozenset[str]]] = {}  # by key, as sets of words without article
        self._bearer: dict[str, Bearer] = {}
        for row in rows("persons.tsv"):
            person = Bearer(row["person"], row["name"])
            self._bearer[row["form"]] = person
            self.names[person.key] = person.name
            self.forms.setdefault(person.key, []).append(frozenset(name_words(row["form"])))

    def find(self, name: str) -> Bearer | None:
        """The person who bears a name; of two whom the name may mean, none."""
        words = name_words(name)
        return self._bearer.get(canonical(" ".join(words)) if len(words) > 1 else fold(name).strip())
