"""The scene: what stands on the disk as a build begins, with stamps and, where asked, digests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sitegen.engine.sources import FileDigests
from sitegen.engine.stamps import NO_STAMP, Stamp, listed, moment_in, stamp_at
from sitegen.engine.values import digest_of
from sitegen.making.contents import frame_files, scan_content
from sitegen.making.memory import Head
from sitegen.problems import Problem
from sitegen.render.shipped import built_in_themes
from sitegen.source.history import Look, look_at
from sitegen.source.tree import Tree


@dataclass(slots=True)
class Scene:
    """What stands on the disk."""

    root: Path
    tree: Tree
    found: tuple[Problem, ...]
    """What is wrong with the files themselves."""
    content: FileDigests
    themes: FileDigests
    """Every file that a theme may be made of, and every folder (its name ends in ``/``)."""
    repository: Look
    moment: int

    def frame_key(self) -> bytes:
        """A digest of all that the frame is read from."""
        return digest_of([(path, self.content(path)) for path in frame_files(self.tree)])

    def themes_key(self) -> bytes | None:
        """A digest of the files of themes; None if they cannot be told (links lead anywhere)."""
        files = self.themes.files
        if any(stamp is NO_STAMP and not name.endswith("/") for name, (_, stamp) in files.items()):
            return None
        return digest_of([(name, self.themes(name)) for name in files])

    def is_still_so(self) -> bool:
        """Whether the files that were read after they were looked at are as they were then."""
        for path in frame_files(self.tree):
            place, stamp = self.content.files[path]
            if stamp_at(place) != stamp:
                return False
        return _theme_files(self.root) == self.themes.files


def look_around(root: Path, private: Path, head: Head | None) -> Scene:
    """Look at the content, the themes and the repository of a site.

    `head` is what is remembered; `private` a folder on the same disk, to tell the time by.
    """
    moment = moment_in(private)
    tree, found = scan_content(root)
    return Scene(
        root,
        tree,
        found,
        content_digests(tree, head, moment),
        FileDigests(_theme_files(root), head.themes if head else (), moment),
        look_at(root / "content"),
        moment,
    )


def history_key(look: Look, timezone: str) -> str:
    """Histories with the same key are the same; '' if that cannot be told."""
    return f"{look.key}\0{timezone}" if look.key else ""


def content_digests(tree: Tree, head: Head | None, moment: int) -> FileDigests:
    """The digests of the files of content."""
    files = {file.path: (file.place, _stamp(file.times, file.size)) for file in tree}
    return FileDigests(files, head.sources if head else (), moment)


def _stamp(times: tuple[int, int, int], size: int) -> Stamp:
    return Stamp(size, *times)


def _theme_files(root: Path) -> dict[str, tuple[str, Stamp]]:
    found: dict[str, tuple[str, Stamp]] = {}
    folders = {"site": root / "themes", "built-in": built_in_themes()}
    for label, folder in folders.items():
        for name, stamp in listed(folder):
            found[f"{label}/{name}"] = (f"{folder}/{name}", stamp)
    return found
