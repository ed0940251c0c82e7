"""Every error that Musnad raises on purpose, under one root. A message says what is wrong, where, and what to do."""


class MusnadError(Exception):
    """Root of all errors of this package."""


class RecordError(MusnadError, ValueError):
    """A row is not a record: a key is missing or has the wrong type."""


class EvidenceError(RecordError):
    """Evidence is missing: a span out of its text or of another one, no content, no trigger, no name."""


class SourceError(MusnadError):
    """An input cannot be read as an article. Names the file, the line where there is one, and the cure."""


class GoldError(MusnadError):
    """A line of an annotated file does not hold what scoring needs."""


class LedgerError(MusnadError):
    """A ledger cannot be opened, written or understood. Names it and the cure."""


class UnavailableError(LedgerError):
    """The database behind a ledger cannot be asked now: it is down, locked, full or damaged. Asking again may help."""


class MissingError(LedgerError):
    """What was asked for by its number, id or key is not in the ledger."""


class SearchError(MusnadError):
    """A search that cannot be carried out as it was written."""


class BatchError(MusnadError):
    """A run over an archive cannot begin or go on. What is finished stays; the message says how to go on."""


class OutputError(MusnadError):
    """A file cannot be written. Names it and the cure; nothing half written is left under its name."""


class ConfigError(MusnadError):
    """The user's file of settings cannot be read, or holds what nothing takes. Names the file, the key and the cure."""


class ModelError(MusnadError):
    """A language model cannot be asked as it was set up: address, name, key or prices. Names the setting and the cure."""


class BudgetError(ModelError):
    """What may be spent on a language model is spent. What was read is kept; run again with more to go on."""


class CorrectionError(LedgerError):
    """A correction that cannot be made as it was given. `code` names the reason (`error.…` in `interface.tsv`), `given` what it is about."""

    def __init__(self, code: str, message: str, **given: str) -> None:
        super().__init__(message)
        self.code, self.given = code, given
