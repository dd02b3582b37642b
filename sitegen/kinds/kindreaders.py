"""Kinds, compiled to readers of what documents of each kind hold: once in every process."""

from __future__ import annotations

from sitegen.kinds.datafile import options_record
from sitegen.kinds.fields import RecordReader
from sitegen.kinds.kind import Kind, Kinds
from sitegen.kinds.rules import ready_rules
from sitegen.kinds.scalars import fold
from sitegen.kinds.tabular import TableReader


class KindReader:
    """A kind, compiled: the record of all its fields, and its tables by name and title."""

    def __init__(self, kind: Kind, kinds: Kinds) -> None:
        self.kind = kind
        self.fields = kinds.fields_of(kind)
        self.rules = ready_rules(kind)
        self.tables = tuple(TableReader(table) for table in kind.tables)
        self._words: dict[str, TableReader] = {}
        for table in self.tables:
            self._words[table.kind.name] = table
        for table in self.tables:
            for word in table.kind.title.values():
                self._words.setdefault(word, table)
        self._folded = {fold(word): table for word, table in reversed(self._words.items())}
        self.record = RecordReader(self.fields, (*self._words, "表格", "正文"))

    def table(self, key: str) -> TableReader | None:
        """The table that a key means, or None."""
        return self._words.get(key) or self._folded.get(fold(key))

    @property
    def words(self) -> tuple[str, ...]:
        """Names and titles of the tables."""
        return tuple(self._words)


class KindReaders:
    """All kinds, each compiled when it is first needed."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.common = RecordReader(kinds.common)
        self.options = options_record()
        self._readers: dict[str, KindReader] = {}
        self._names = {fold(name): name for name in kinds.kinds}
        for name, kind in kinds.kinds.items():
            for word in kind.title.values():
                self._names.setdefault(fold(word), name)

    def name_of(self, written: str) -> str | None:
        """The kind that a name or title means."""
        return self._names.get(fold(written))

    def kind(self, name: str) -> KindReader:
        """A compiled kind."""
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = KindReader(self.kinds.kinds[name], self.kinds)
        return reader


_recent: list[KindReaders] = []
"""Compiled kinds of the last few `Kinds`: a memo; the same kinds always compile to the same."""


def readers_of(kinds: Kinds) -> KindReaders:
    """The readers of some kinds, compiled once."""
    for reader in _recent:
        if reader.kinds is kinds:
            return reader
    reader = KindReaders(kinds)
    _recent.insert(0, reader)
    del _recent[4:]
    return reader
