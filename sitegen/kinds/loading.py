"""All kinds of a site: the built-in definitions, and the site's own kind files over them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from importlib import resources

from sitegen.kinds import codes
from sitegen.kinds.kind import Field, Kind, Kinds, Rule
from sitegen.kinds.kindfile import KindFile
from sitegen.problems import Location, Problem, has_errors, ordered
from sitegen.source.nodes import Node
from sitegen.source.text import decode_utf8
from sitegen.source.yamlnodes import parse_yaml

_FOLDER = "sitegen/kinds/definitions/"


def load_kinds(
    site_kinds: Iterable[tuple[str, bytes]] = (),
) -> tuple[Kinds, tuple[Problem, ...]]:
    """The built-in kinds with the site's own added, or put in the place of those of their name.

    `site_kinds` are the files of ``content/kinds/``, by their paths relative to ``content/``.
    A file that cannot be understood is a problem and changes nothing.
    """
    kinds, faults = built_in()
    own = sorted(site_kinds)
    if not own:
        return kinds, faults
    common_rules = _builtin_parts()[1]
    problems = list(faults)
    found: dict[str, Kind] = {}
    faulty: set[str] = set()
    digest = hashlib.sha256(kinds.digest.encode())
    for path, data in own:
        digest.update(f"\0{path}\0{len(data)}\0".encode("utf-8", "surrogatepass"))
        digest.update(data)
        file = KindFile("content/" + path)
        root = _nodes(file, data)
        kind = file.kind(root, kinds.common, common_rules) if root is not None else None
        problems += file.problems
        if has_errors(file.problems):
            kind = kind or _stand_in(path)
            faulty.add(kind.name)
        if kind is None:
            continue
        if kind.name in found:
            problems.append(codes.KIND_REPLACED.at(Location(file.path, 1, 1), value=kind.name))
            continue
        found[kind.name] = kind
    every = dict(sorted({**kinds.kinds, **found}.items()))
    site = Kinds(
        kinds.common, every, digest.hexdigest(), kinds.site, kinds.column, frozenset(faulty)
    )
    return site, ordered(problems)


def _stand_in(path: str) -> Kind:
    """A kind in the place of one whose file does not even say its name: called like the file."""
    name = path.rpartition("/")[2].removesuffix(".yaml")
    return Kind(name, {"zh": name})


@functools.cache
def built_in() -> tuple[Kinds, tuple[Problem, ...]]:
    """The kinds that come with the program; parsed once. Problems only in a broken installation."""
    texts = _definitions()
    (common, rules, site, column), problems = _builtin_parts(), list(_builtin_faults())
    kinds: dict[str, Kind] = {}
    for name, data in sorted(texts.items()):
        if name.startswith("_"):
            continue
        file = KindFile(_FOLDER + name)
        root = _nodes(file, data)
        kind = file.kind(root, common, rules) if root is not None else None
        problems += file.problems
        if kind is not None:
            kinds[kind.name] = kind
    digest = hashlib.sha256()
    for name, data in sorted(texts.items()):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return Kinds(common, kinds, digest.hexdigest(), site, column), ordered(problems)


@functools.cache
def _definitions() -> Mapping[str, bytes]:
    folder = resources.files("sitegen.kinds") / "definitions"
    return {
        entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".yaml")
    }


@functools.cache
def _builtin_fields(name: str) -> tuple[tuple[Field, ...], tuple[Rule, ...], tuple[Problem, ...]]:
    file = KindFile(_FOLDER + name)
    root = _nodes(file, _definitions()[name])
    fields, rules = file.common(root) if root is not None else ((), ())
    return fields, rules, tuple(file.problems)


def _builtin_parts() -> tuple[
    tuple[Field, ...], tuple[Rule, ...], tuple[Field, ...], tuple[Field, ...]
]:
    """The common fields and rules, the fields of a site, those of a column."""
    fields, rules, _ = _builtin_fields("_common.yaml")
    return fields, rules, _builtin_fields("_site.yaml")[0], _builtin_fields("_column.yaml")[0]


def _builtin_faults() -> Iterable[Problem]:
    for name in ("_common.yaml", "_site.yaml", "_column.yaml"):
        yield from _builtin_fields(name)[2]


def _nodes(file: KindFile, data: bytes) -> Node | None:
    """The nodes of a kind file; what is wrong with its text goes to its problems."""
    text, faults = decode_utf8(data, file.path)
    file.problems += faults
    if text is None:
        return None
    root, faults = parse_yaml(text, file.path)
    file.problems += faults
    if root is None and not faults:
        file.problems.append(codes.KIND_MISSING_KEY.at(Location(file.path, 1, 1), key="kind"))
    return root
