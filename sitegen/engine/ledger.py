"""The ledger of an output folder: what the last build knew and did, in a few sections.

A section is a file that is named after its digest, so sections that stay the same are not written
again. The list of sections is put in place last and whole: a build that is killed leaves the old
ledger. Whatever is missing or damaged counts as not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from sitegen.engine.store import DamagedError, load_checked, save_checked
from sitegen.engine.values import digest_of_bytes

_LIST = "ledger.bin"
_SUFFIX = ".part"


class Ledger:
    """The sections of one ledger, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listed: dict[str, bytes] = {}
        content = load_checked(folder / _LIST)
        if content is not None:
            with suppress(msgspec.MsgspecError):
                self._listed = msgspec.msgpack.decode(content, type=dict[str, bytes])

    def __contains__(self, section: str) -> bool:
        return section in self._listed

    def __getitem__(self, section: str) -> bytes:
        """The bytes of a section. Raises DamagedError when they are not what was written."""
        digest = self._listed.get(section)
        if digest is None:
            raise DamagedError(section)
        try:
            content = (self.folder / _file(section, digest)).read_bytes()
        except OSError:
            raise DamagedError(section) from None
        if digest_of_bytes(content) != digest:
            raise DamagedError(section)
        return content

    def holds(self, section: str, content: bytes) -> bool:
        """Whether a section has these bytes, told by its digest."""
        return self._listed.get(section) == digest_of_bytes(content)

    def forget(self) -> None:
        """Go on as if nothing had been known."""
        self._listed = {}

    def update(self, sections: Mapping[str, bytes]) -> None:
        """Replace some sections; the others stay. Raises OSError."""
        self.save({**dict.fromkeys(self._listed), **sections})

    def save(self, sections: Mapping[str, bytes | None]) -> None:
        """Replace the ledger by these sections; None stands for one that stays. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        listed: dict[str, bytes] = {}
        for section, content in sections.items():
            if content is None:
                listed[section] = self._listed[section]
                continue
            digest = digest_of_bytes(content)
            path = self.folder / _file(section, digest)
            listed[section] = digest
            if self._listed.get(section) != digest or not path.exists():
                draft = path.with_suffix(".new")
                draft.write_bytes(content)
                draft.replace(path)
        save_checked(self.folder / _LIST, msgspec.msgpack.encode(listed))
        self._listed = listed
        kept = {_LIST, *(_file(section, digest) for section, digest in listed.items())}
        for path in sorted(self.folder.iterdir()):
            if path.name not in kept and path.is_file():
                with suppress(OSError):
                    path.unlink()


def _file(section: str, digest: bytes) -> str:
    return f"{section}-{digest.hex()}{_SUFFIX}"
