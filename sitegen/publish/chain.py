"""The chain of manifests on hosts that do not have it: a new one, or one that missed a release.

A host that has the release before links the chain from there (`Place.begin`). To one that has not,
it is sent, from a host that has; each manifest only if it is the one whose digest is named.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sitegen.publish.manifest import CHAIN, Head, NoManifestError, digest_of, read_manifest
from sitegen.publish.place import HostError, Place, Standing
from sitegen.publish.preparing import Earlier
from sitegen.publish.verify import unzipped

Kept = tuple[str, bytes, datetime.datetime]
"""A file of the chain: its address in a release, its bytes, and when its manifest was released."""


def missing_chain(
    places: Sequence[Place], standings: Sequence[Standing], earlier: Earlier | None
) -> list[Kept]:
    """The manifests before `earlier`, if some host lacks that release; as far as they are whole."""
    if earlier is None or all(earlier.name in standing.releases for standing in standings):
        return []
    best: list[Kept] = []
    for place, standing in zip(places, standings, strict=True):
        if earlier.name in standing.releases:
            with tempfile.TemporaryDirectory(prefix="sitegen-") as name, suppress(HostError):
                place.download(earlier.name, CHAIN, Path(name))
                best = max(best, list(_links(Path(name), earlier.manifest.head)), key=len)
    return best


def _links(folder: Path, head: Head) -> Iterator[Kept]:
    """The files of the chain, newest first, until one is missing or is not what it should be."""
    while head.previous:
        path = folder / f"{head.previous}.json.gz"
        packed = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        data = unzipped(packed)
        if data is None or digest_of(data) != head.previous:
            return
        try:
            earlier = read_manifest(data).head
        except NoManifestError:
            return
        yield f"{CHAIN}{path.name}", packed, earlier.released
        signature = folder / f"{head.previous}.json.sig"
        if signature.is_file() and not signature.is_symlink():
            yield f"{CHAIN}{signature.name}", signature.read_bytes(), earlier.released
        head = earlier
