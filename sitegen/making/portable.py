"""What workers on other machines must know of the content folder and the theme, as bytes.

The paths of files are those of the shared storage, the same on every machine. A theme is not
carried but loaded where it is needed, and must then be the very same.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from sitegen.engine.executors import UnlikeProgramError
from sitegen.engine.store import DamagedError
from sitegen.engine.values import packed
from sitegen.render.theme import Theme, load_theme
from sitegen.site.site import Site
from sitegen.source.tree import SourceFile, Tree


class _Listing(msgspec.Struct, array_like=True):
    root: str
    files: list[tuple[str, int, str]]


_LISTING = msgspec.msgpack.Decoder(_Listing)


def packed_tree(tree: Tree) -> bytes:
    """The names of all files of the content, their sizes and their places."""
    root = os.path.realpath(tree.root)
    return packed(_Listing(root, [(file.path, file.size, file.place) for file in tree]))


def tree_in(data: bytes) -> Tree:
    """What `packed_tree` wrote. Raises DamagedError."""
    try:
        listing = _LISTING.decode(data)
    except msgspec.MsgspecError:
        raise DamagedError("tree") from None
    return Tree(Path(listing.root), tuple(SourceFile(*file) for file in listing.files))


def theme_of(site: Site, tree: Tree, digest: str) -> Theme:
    """The theme of a site, as it was where the build began.

    Raises UnlikeProgramError when it is another one here: the shipped themes differ, or somebody
    changed the site's while it was being built.
    """
    settings = site.settings
    theme, _ = load_theme(tree.root.parent / "themes", settings.theme, settings.language)
    if theme.digest != digest:
        raise UnlikeProgramError("theme")
    return theme
