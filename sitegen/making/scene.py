"""The scene: what stands on the disk as a build begins, beside what stood there at the last one."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sitegen.engine.listing import Listing, listing_of
from sitegen.engine.sources import FileDigests
from sitegen.engine.stamps import stamp_at
from sitegen.making.contents import Limits, frame_files, scan_content, usual_limits
from sitegen.making.memory import ContentRecord, Memory, ThemesRecord
from sitegen.problems import Problem
from sitegen.render.shipped import built_in_themes
from sitegen.source.history import Look, looking_at
from sitegen.source.tree import NO_TIMES, SourceFile, Tree, fits


@dataclass
class Content:
    """The files of the content folder."""

    scanned: Callable[[], Tree]
    found: tuple[Problem, ...]
    """What is wrong with the files themselves."""
    digests: FileDigests
    names: str
    """Of the listing; '' if it does not tell what is there."""
    limits: Limits
    same_names: bool
    """Whether what the last build found was there under the same names."""

    @cached_property
    def tree(self) -> Tree:
        """The files; where nothing is to be done, nobody asks for them."""
        return self.scanned()

    def changed(self) -> list[str] | None:
        """The files that do not have the bytes that they had; None if there are other files."""
        return self.digests.changed() if self.same_names else None

    def record(self) -> ContentRecord:
        """What is to be remembered."""
        return ContentRecord(self.names, self.digests.record(), self.found)


@dataclass(slots=True)
class Scene:
    """What stands on the disk."""

    root: Path
    content: Content
    themes: FileDigests
    theme_names: str
    same_themes: bool
    """Whether the files of themes are the same, names and bytes."""
    repository: Callable[[], Look]
    moment: int

    def themes_record(self) -> ThemesRecord:
        """What is to be remembered of the files of themes."""
        self.themes.fill()
        return ThemesRecord(self.theme_names, self.themes.record())

    def is_still_so(self) -> bool:
        """Whether the files that were read after they were looked at are as they were then."""
        digests = self.content.digests
        for path in frame_files(self.content.tree):
            if stamp_at(digests.place(path)) != digests.stamp(path):
                return False
        names, _, _, stamps = _theme_files(self.root)
        return names == self.theme_names and stamps == self.themes.stamps


def look_around(root: Path, memory: Memory, moment: int) -> Scene:
    """Look at the content, the themes and the repository of a site."""
    looking = _once(looking_at(root / "content"))
    names, paths, places, stamps = _theme_files(root)
    known = memory.themes() if memory.head else None
    themes = FileDigests(paths, places.__getitem__, stamps, known.files if known else None, moment)
    same = known is not None and names != "" and names == known.names and themes.changed() == []
    content = look_at_content(root, memory, moment)
    return Scene(root, content, themes, names, same, looking, moment)


def look_at_content(
    root: Path, memory: Memory, moment: int, limits: Limits | None = None
) -> Content:
    """The content folder, within `limits`, or within those that the last build knew of."""
    known = memory.content() if memory.head else None
    usual = memory.head.limits if memory.head else usual_limits()
    limits = limits or usual
    folder = os.path.realpath(root / "content")
    listing = listing_of(folder)
    names = listing.names
    if known is not None and names and names == known.names and limits == usual:
        content = _as_known(root, folder, listing, known, limits, moment)
        if content is not None:
            return content
    tree, found = scan_content(root, limits)
    if names:  # in the order of the listing
        by_place = {file.place: file.path for file in tree}
        paths = [by_place.get(f"{folder}/{name}", "") for name in listing.files]
        stamps, places = listing.stamps, listing.files
        if sum(1 for path in paths if path) != len(tree):  # it changed between two looks
            names = ""
    if not names:
        places, paths = [file.place for file in tree], [file.path for file in tree]
        stamps = array("q", [n for file in tree for n in (file.size, *file.times)])
    remembered = known.files if known else None
    below = f"{folder}/" if names else ""
    digests = FileDigests(paths, lambda row: below + places[row], stamps, remembered, moment)
    tree = Tree(tree.root, tuple(file._replace(times=NO_TIMES) for file in tree))
    return Content(lambda: tree, found, digests, names, limits, False)


def _as_known(
    root: Path, folder: str, listing: Listing, known: ContentRecord, limits: Limits, moment: int
) -> Content | None:
    """The content as it is known, if the same files are there and may be; else None."""
    paths = known.files.paths.split("\0")
    if len(paths) != len(listing.files):
        return None
    numbers, names = listing.stamps, listing.files
    place = f"{folder}/"
    digests = FileDigests(paths, lambda row: place + names[row], numbers, known.files, moment)
    for row in digests.doubtful:
        path = paths[row]
        if not path or not fits(path, place + names[row], numbers[row * 4], limits):
            return None

    def tree() -> Tree:
        each = zip(paths, numbers[::4], names, strict=True)
        files = [SourceFile(path, size, place + name) for path, size, name in each if path]
        return Tree(root / "content", tuple(sorted(files)))

    return Content(tree, known.found, digests, known.names, limits, True)


def history_key(look: Look, timezone: str) -> str:
    """Histories with the same key are the same; '' if that cannot be told."""
    return f"{look.key}\0{timezone}" if look.key else ""


def _once(ask: Callable[[], Look]) -> Callable[[], Look]:
    answers: list[Look] = []

    def answer() -> Look:
        if not answers:
            answers.append(ask())
        return answers[0]

    return answer


def _theme_files(root: Path) -> tuple[str, list[str], list[str], array[int]]:
    """Names, paths, places and stamps of the files of themes, those of the site first."""
    names: list[str] = []
    paths: list[str] = []
    places: list[str] = []
    stamps = array("q")
    for label, folder in (("site", str(root / "themes")), ("built-in", str(built_in_themes()))):
        listing = listing_of(folder)
        names.append(listing.names if listing.plain else "/")
        paths += [f"{label}/{name}" for name in listing.files]
        places += [f"{folder}/{name}" for name in listing.files]
        stamps += listing.stamps
    return "" if "/" in names else "\0\0\0".join(names), paths, places, stamps
