"""Recording: who looked at what, without anybody having to say so.

Producers are handed stand-ins for the values that they read. A stand-in looks like the value; every
attribute that is read, every key that is looked up (found or not) is noted in the open trace. Read
outside a trace, a stand-in raises: there is no way to look without being seen.

A trace is a set of observations: a *subject* (``e:news/a.md``) with a bit for each of its *facets*
that was looked at (its title, its address …). Nothing here knows what the values are.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar, cast

import msgspec

from sitegen.engine.values import packed

Value = TypeVar("Value")
Trace = dict[str, int]
"""Subjects, each with the bits of the facets that were looked at."""

_MOST = 2000
"""So many stand-ins of a mapping's values are kept at most."""
EXISTS = 1
"""The first facet of every subject: whether it is there at all."""
EVERY = "*"
"""In the place of a key: any of them. Its first facet is which keys there are, in what order."""


class UnrecordedReadError(RuntimeError):
    """Something was looked at while no trace was open: a fault in the program."""


class _Nothing(dict[str, int]):
    """Where notes go when no trace is open."""

    def get(self, key: str, default: Any = None) -> Any:
        raise UnrecordedReadError(f"{key} was read outside a trace")

    __getitem__ = __setitem__ = get


class Recorder:
    """Holds the open trace, and the traces of parts that several outputs share."""

    __slots__ = ("_groups", "_new", "open")

    def __init__(self) -> None:
        self.open: Trace = _Nothing()
        self._groups: dict[str, object] = {}
        self._new: dict[str, Trace] = {}

    def note(self, subject: str, facets: int = EXISTS) -> None:
        """Note that these facets of a subject were looked at."""
        trace = self.open
        trace[subject] = trace.get(subject, 0) | facets

    def record(self, make: Callable[[], Value]) -> tuple[Value, Trace]:
        """What `make` gives, and all that it looked at."""
        before, self.open = self.open, {}
        try:
            return make(), self.open
        finally:
            self.open = before

    def shared(self, name: str, make: Callable[[], Value]) -> Value:
        """A part that very many outputs use: made once, its trace noted as the one subject `name`.

        The same name must always stand for the same part. `take_groups` hands the traces over.
        """
        if name not in self._groups:
            self._groups[name], self._new[name] = self.record(make)
        self.note(name)
        return cast(Value, self._groups[name])

    def add(self, trace: Trace) -> None:
        """Note all that another trace holds."""
        opened = self.open
        for subject, facets in trace.items():
            opened[subject] = opened.get(subject, 0) | facets

    def take_groups(self) -> dict[str, Trace]:
        """The traces of the shared parts that were made since the last call, by name."""
        taken, self._new = self._new, {}
        return taken


class Facets:
    """The facets of a sort of subject: their names, each with its bit, and how to look at them.

    `paths` are attributes, dotted where they belong to a part (``card.title``).
    """

    __slots__ = ("_look", "bits", "names")

    def __init__(self, *paths: str) -> None:
        self.names = ("", *paths)
        self.bits = {name: 1 << place for place, name in enumerate(self.names)}
        self._look = [attrgetter(path) for path in paths]

    @property
    def all(self) -> int:
        """Every facet."""
        return (1 << len(self.names)) - 1

    def changed(self, old: object, new: object) -> int:
        """The facets in which two values differ; all of them if one of the two is None.

        Values are compared as bytes: mappings that are equal but for their order differ.
        """
        if old is None or new is None:
            return 0 if old is new else self.all
        found = 0
        for place, look in enumerate(self._look, 1):
            if packed(look(old)) != packed(look(new)):
                found |= 1 << place
        return found

    def named(self, bits: int) -> list[str]:
        """The names of facets; '' is whether the subject is there."""
        return [name for name in self.names if self.bits[name] & bits]


def attributes(kind: type, prefix: str = "", leave: frozenset[str] = frozenset()) -> list[str]:
    """The public fields of a dataclass or struct as facets, but for those in `leave`."""
    names = _fields(kind)
    return [prefix + name for name in names if not name.startswith("_") and name not in leave]


def _fields(kind: Any) -> tuple[str, ...]:
    if issubclass(kind, msgspec.Struct):
        names: tuple[str, ...] = kind.__struct_fields__
        return names
    return tuple(field.name for field in fields(kind))


def stand_in(kind: type, bits: Mapping[str, int], parts: Mapping[str, type] | None = None) -> type:
    """A class of stand-ins for a dataclass: an instance of it, made of a value and a subject.

    The stand-in of a struct is no struct, but has its fields and properties. `bits` has the facet
    of every public field, by its name. `parts` are fields whose values have stand-ins of their own,
    of the same subject; their facets are under dotted names.
    """
    return _stand_in(kind, bits, parts or {}, "")


def _stand_in(kind: type, bits: Mapping[str, int], parts: Mapping[str, type], prefix: str) -> type:
    members: dict[str, Any] = {"__slots__": ("_recorder", "_subject", "_value")}

    def made(self: Any, value: object, subject: str, recorder: Recorder) -> None:
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "_subject", subject)
        object.__setattr__(self, "_recorder", recorder)

    def read(name: str, bit: int) -> Callable[[Any], Any]:
        look = attrgetter("_value." + name)

        def value_of(self: Any) -> Any:
            trace = self._recorder.open
            subject = self._subject
            trace[subject] = trace.get(subject, 0) | bit
            return look(self)

        return value_of

    def part(name: str, stand: type) -> Callable[[Any], Any]:
        def value_of(self: Any) -> Any:
            return stand(getattr(self._value, name), self._subject, self._recorder)

        return value_of

    members["__init__"] = made
    bases: tuple[type, ...] = (kind,)
    if issubclass(kind, msgspec.Struct):  # nobody else may say how one of these is made
        bases = ()
        members |= {name: each for name, each in vars(kind).items() if isinstance(each, property)}
    for name in _fields(kind):
        if name in parts:
            stand = _stand_in(parts[name], bits, {}, f"{prefix}{name}.")
            members[name] = property(part(name, stand))
        elif not name.startswith("_"):
            members[name] = property(read(name, bits[prefix + name]))
        else:
            members[name] = property(_hidden)
    return type(f"Recorded{kind.__name__}", bases, members)


def _hidden(self: Any) -> Any:
    raise UnrecordedReadError("a hidden attribute was read")


class RecordedMapping(Mapping[str, Any]):
    """A stand-in for a mapping: looking a key up is seen, whether it is there or not.

    `stand` makes the stand-in of a value; without it values are handed out whole, being plain data,
    and looking a key up is looking at all of its value. Whoever goes through all the values gets
    stand-ins of the subject "every one": what is read of one counts as read of all.
    """

    __slots__ = ("_every", "_made", "_prefix", "_recorder", "_stand", "_value")

    def __init__(
        self,
        value: Mapping[str, Any],
        prefix: str,
        recorder: Recorder,
        stand: type | None = None,
    ) -> None:
        self._value = value
        self._prefix = prefix
        self._recorder = recorder
        self._stand = stand
        self._made: dict[str, Any] = {}
        self._every = prefix + EVERY

    def __getitem__(self, key: str) -> Any:
        self._recorder.note(self._prefix + key)
        made = self._made.get(key)
        if made is None:
            value = self._value[key]
            if self._stand is None:
                return value
            if len(self._made) >= _MOST:  # they hold their values: very many would fill the memory
                self._made.clear()
            made = self._made[key] = self._stand(value, self._prefix + key, self._recorder)
        return made

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key: object) -> bool:
        self._recorder.note(f"{self._prefix}{key}")
        return key in self._value

    def __iter__(self) -> Iterator[str]:
        self._recorder.note(self._every)
        return iter(self._value)

    def __len__(self) -> int:
        self._recorder.note(self._every)
        return len(self._value)

    def values(self) -> ValuesView[Any]:
        return cast(ValuesView[Any], [value for _, value in self._all()])

    def items(self) -> ItemsView[str, Any]:
        return cast(ItemsView[str, Any], [*self._all()])

    def keys(self) -> KeysView[str]:
        return cast(KeysView[str], [*self])

    def _all(self) -> Iterator[tuple[str, Any]]:
        self._recorder.note(self._every)
        stand = self._stand
        for key, value in self._value.items():
            if stand is None:
                self._recorder.note(self._prefix + key)
                yield key, value
            else:
                yield key, stand(value, self._every, self._recorder)
