"""Outcome: the outputs of a build, in rows, beside the rows that the last build left.

A row that stands as it must is taken over as it is; all that is said of the others is new.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sitegen.engine.commit import MANIFEST, Written
from sitegen.engine.sources import DIGEST, rows_that_differ
from sitegen.engine.stamps import NO_STAMP, Stamp, file_digest, is_settled, stamp_at
from sitegen.making.memory import Left, Memory, PlannedOutputs, columns_of
from sitegen.outputs.output import Output

_STAMP = 32
_NEW = -1


class Plan:
    """What is planned: an output for each row, the manifest in the last.

    `same` says that it is what the last build planned.
    """

    def __init__(self, memory: Memory, outputs: Sequence[Output] | None = None) -> None:
        """Without `outputs`, the plan is that of the last build."""
        self._memory = memory
        self.columns: tuple[bytes, bytes] | None = None
        """Addresses and plan, to be kept; None where they are kept already."""
        if outputs is not None:
            addresses, plan = columns_of((*outputs, Output(MANIFEST, "manifest")))
            ledger = memory.ledger
            if not (ledger.holds("addresses", addresses) and ledger.holds("plan", plan)):
                self.columns = addresses, plan
        self.same = self.columns is None
        # Texts of its own: those in `outputs` would keep the memory of all that was read from being
        # given back.
        self._rows = PlannedOutputs(*self.columns) if self.columns else None
        self.addresses = self._rows.addresses if self._rows else memory.addresses()

    @cached_property
    def _known(self) -> PlannedOutputs:
        return self._memory.planned()

    def output(self, row: int) -> Output:
        """The output of a row."""
        return Output(*(self._rows or self._known)[row])

    def old_rows(self) -> Sequence[int]:
        """The row that each output had in the last build; -1 if it is another one, or new."""
        if self._rows is None:
            return range(len(self.addresses))
        if not self._memory.head:
            return [_NEW] * len(self.addresses)
        before = {each: row for row, each in enumerate(self._known)}
        return [before.get(each, _NEW) for each in self._rows]

    def had(self, address: str) -> bool:
        """Whether the last build made anything at an address."""
        return address in self._had

    @cached_property
    def _had(self) -> frozenset[str]:
        return frozenset(self._memory.addresses() if self._memory.head else ())


@dataclass(frozen=True, slots=True)
class Seen:
    """The outputs of the last build as they stand now, beside how they were left."""

    left: Left
    fresh: Mapping[int, Stamp]
    """New stamps of those rows that have the same bytes all the same."""
    altered: frozenset[int]
    """The rows whose files are gone, or have other bytes."""


def seen(left: Left, stamps: bytes, addresses: Sequence[str], folder: str) -> Seen:
    """Compare the outputs with how they were left; `stamps` are those of now."""
    fresh: dict[int, Stamp] = {}
    altered: set[int] = set()
    for row in rows_that_differ(left.stamps, left.settled, stamps):
        place = f"{folder}/{addresses[row]}"
        stamp = stamp_at(place)
        try:
            digest = b"" if stamp == NO_STAMP else file_digest(place)
        except OSError:
            digest = b""
        if digest == left.digest(row):
            fresh[row] = stamp
        else:
            altered.add(row)
    return Seen(left, fresh, frozenset(altered))


class Columns:
    """The columns of `Left` as they will be: those of the last build, moved and overwritten."""

    def __init__(
        self, left: Left | None, inner: Mapping[int, bytes], old_rows: Sequence[int]
    ) -> None:
        number = len(old_rows)
        self.inner: dict[int, bytes] = {}
        """See `Memory.inner`."""
        self._traces = array("I", bytes(4 * number))
        self._problems: dict[int, bytes] = {}
        if left is not None and isinstance(old_rows, range) and len(old_rows) == len(left.settled):
            self._stamps, self._settled = bytearray(left.stamps), bytearray(left.settled)
            self._digests = bytearray(left.digests)
            self._traces = left.trace_numbers()
            self._problems = dict(left.problems)
            self.inner = dict(inner)
            return
        self._stamps, self._settled = bytearray(_STAMP * number), bytearray(number)
        self._digests = bytearray(DIGEST * number)
        if left is None:
            return
        traces = left.trace_numbers()
        for row, old in enumerate(old_rows):
            if old < 0:
                continue
            at, was = row * _STAMP, old * _STAMP
            self._stamps[at : at + _STAMP] = left.stamps[was : was + _STAMP]
            self._digests[at : at + DIGEST] = left.digests[was : was + DIGEST]
            self._settled[row] = left.settled[old]
            self._traces[row] = traces[old]
            if old in left.problems:
                self._problems[row] = left.problems[old]
            if old in inner:
                self.inner[row] = inner[old]

    def stamp(self, row: int, stamp: Stamp, moment: int) -> None:
        """Note the stamp of an output, taken at a moment or later."""
        at = row * _STAMP
        self._stamps[at : at + _STAMP] = array("q", stamp).tobytes()
        self._settled[row] = is_settled(max(stamp[1], stamp[2]), moment)

    def made(self, row: int, file: Written, trace: int, problems: bytes, inner: bytes) -> None:
        """Note what an output is that was made."""
        self._digests[row * DIGEST : (row + 1) * DIGEST] = bytes.fromhex(file.sha256)
        self._traces[row] = trace
        self._problems.pop(row, None)
        if problems:
            self._problems[row] = problems
        self.inner.pop(row, None)
        if inner:
            self.inner[row] = inner

    def traces(self) -> frozenset[int]:
        """The numbers of the traces that some output has."""
        return frozenset(self._traces)

    def renumbered(self, numbers: Mapping[int, int]) -> None:
        """The traces have got other numbers."""
        self._traces = array("I", (numbers[each] for each in self._traces))

    def left(self) -> Left:
        """The columns, to be kept."""
        return Left(
            bytes(self._stamps), bytes(self._settled), bytes(self._digests),
            self._traces.tobytes(), self._problems,
        )  # fmt: skip


def listed(left: Left, rows: Collection[int], addresses: Sequence[str]) -> Iterator[Written]:
    """These rows as the manifest lists them."""
    for row in rows:
        yield Written(addresses[row], left.size(row), left.digest(row).hex())
