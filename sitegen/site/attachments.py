"""Attachments and other files: found, given an address, and none forgotten."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.problems import Location, Problem
from sitegen.site import addresses, codes
from sitegen.site.cards import AttachmentCard, Card, Mark
from sitegen.site.files import (
    Files,
    address_folder,
    address_name,
    candidates,
    find,
    human_name,
    is_running,
    media_type,
)
from sitegen.site.lifecycle import PUBLISHED, State
from sitegen.site.nearby import Nearby
from sitegen.site.placing import Claims, Folders, at_mark, stem_of
from sitegen.site.site import Attachment
from sitegen.site.sources import DOCUMENTS, is_nearly_document, is_offerable


@dataclass(slots=True)
class Shelf:
    """Collects what is offered, by document and for the whole site."""

    files: Files
    folders: Folders
    claims: Claims
    nearby: Nearby
    places: Mapping[str, str]
    """Addresses of documents, by path."""
    named: set[str] = field(default_factory=set)
    """Every file that some document names, published or not."""
    by_document: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
    site_files: dict[str, Attachment] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def attach(self, card: Card, state: State) -> None:
        """Find the attachments of a document; those of a published one get their addresses."""
        offered: list[Attachment] = []
        seen: set[str] = set()
        for item in card.attachments:
            source = self._found(card, item.file, item.mark)
            if source is None:
                continue
            if source in seen:
                self._say(card, item.mark, item.file, twice=True)
                continue
            seen.add(source)
            if state.name == PUBLISHED:
                offered.append(self._attachment(card, item, source))
        if offered:
            self.by_document[card.path] = tuple(offered)

    def fields(self, card: Card, state: State) -> None:
        """Find the files that other fields name (forms, samples), and offer them."""
        for link in card.files:
            source = self._found(card, link.target, link.mark)
            if source is not None and state.name == PUBLISHED:
                self.offer(card, source, link.mark)

    def offer(self, card: Card, source: str, mark: Mark) -> None:
        """Offer a file that a text or a field leads to, at an address of its own."""
        if any(a.source == source for a in self.by_document.get(card.path, ())):
            return
        if source in self.site_files:
            return
        folder, _, name = source.rpartition("/")
        address = self._folder(folder) + address_name(name)
        if first := self.claims.take(address, "content/" + source):
            self.problems.append(at_mark(card, mark, codes.COLLISION, address=address, other=first))
        self.site_files[source] = self._made(source, address, stem_of(source) or name, name, "")

    def _folder(self, folder: str) -> str:
        """The address of a folder of files: below that of its document, or else its column."""
        if not folder or folder in self.folders.columns:
            return self.folders.address(folder)
        for suffix in DOCUMENTS:
            if (place := self.places.get(folder + suffix)) is not None:
                return addresses.folder_of(place)
        above, _, name = folder.rpartition("/")
        return f"{self._folder(above)}{address_folder(name)}/"

    def _found(self, card: Card, written: str, mark: Mark) -> str | None:
        source = find(card.path, written, self.files.sizes)
        if source is None:
            if any(self.files.is_faulty(path) for path in candidates(card.path, written)):
                return None
            own = f"content/{card.path.rpartition('.')[0]}/"
            name = written.rpartition("/")[2]
            hint = self.nearby.hint(own.removeprefix("content/") + name, card.path)
            self.problems.append(
                at_mark(card, mark, codes.MISSING_FILE, value=written, folder=own, nearest=hint)
            )
            return None
        self.named.add(source)
        if not is_offerable(source):
            self.problems.append(at_mark(card, mark, codes.NOT_AN_ATTACHMENT, value=written))
            return None
        if is_running(source):
            self.problems.append(at_mark(card, mark, codes.RUNNING_FILE, value=written))
            return None
        if self.files.sizes[source] == 0:
            self.problems.append(at_mark(card, mark, codes.EMPTY_FILE, value=written))
        return source

    def _attachment(self, card: Card, item: AttachmentCard, source: str) -> Attachment:
        name = source.rpartition("/")[2]
        folder = addresses.folder_of(self.places[card.path])
        address = folder + address_name(name, item.slug)
        if first := self.claims.take(address, "content/" + source):
            self.problems.append(
                at_mark(card, item.mark, codes.COLLISION, address=address, other=first)
            )
        title = item.title or stem_of(source) or name
        return self._made(source, address, title, human_name(name, item.title), item.note)

    def _made(self, source: str, address: str, title: str, name: str, note: str) -> Attachment:
        try:
            digest = self.files.digest(source)
        except OSError:  # gone since the scan; the next build says so
            digest = ""
        size = self.files.sizes[source]
        return Attachment(source, address, title, name, size, digest, media_type(source), note)

    def _say(self, card: Card, mark: Mark, value: str, *, twice: bool) -> None:
        self.problems.append(at_mark(card, mark, codes.LISTED_TWICE, value=value))


def forgotten(
    files: Files, named: Container[str], cards: Mapping[str, Card], told: Container[str]
) -> Iterator[Problem]:
    """Files in content that no document names: they are not published, which may surprise.

    Nothing is said of the files of a document with faults (one of `told`, relative to the site):
    it may be about to name them.
    """
    documents = {*cards, *files.faulty}
    for path in sorted(path for path in files.sizes if path not in cards and path not in named):
        if files.is_faulty(path):
            continue
        owner = _owner(path, documents)
        if not is_nearly_document(path) and owner in told:
            continue
        where = Location("content/" + path)
        if is_nearly_document(path):
            yield codes.WRONG_EXTENSION.at(where, name=path.rpartition("/")[2])
        elif is_offerable(path):
            folder = path.rpartition("/")[0]
            yield (
                codes.NOT_LINKED.at(where, owner=owner)
                if owner
                else codes.LOOSE_FILE.at(where, example=f"content/{folder}/tongzhi.md")
            )


def _owner(path: str, documents: Container[str]) -> str:
    folder = path.rpartition("/")[0]
    while folder:
        for suffix in DOCUMENTS:
            if folder + suffix in documents:
                return f"content/{folder}{suffix}"
        folder = folder.rpartition("/")[0]
    return ""
