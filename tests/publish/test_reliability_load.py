"""Readers notice nothing of a switch but that the site is newer: with a real nginx, under load."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from publishedsite import make_published, manifest_of, verified
from visitors import Visitors, Wrk, stale
from webserver import serving

from sitegen.publish.manifest import CHAIN, Manifest, read_manifest
from sitegen.publish.switching import roll_back

SWITCHES = 5
"""Publishes; after each, one going back."""


def _chain(release: Path) -> list[Manifest]:
    """The manifest of a release, and of all before it."""
    kept = sorted((release / CHAIN).glob("*.json.gz"))
    return [
        manifest_of(release),
        *(read_manifest(gzip.decompress(path.read_bytes())) for path in kept),
    ]


def test_no_reader_meets_a_failure_a_missing_asset_or_a_mixed_file(tmp_path: Path) -> None:
    site = make_published(tmp_path / "site")
    site.target = replace(site.target, keep=SWITCHES)
    base = Path(site.target.hosts[0].base)
    pages = [f.path for f in manifest_of(base / "current").files if f.path.endswith(".html")]
    pages = [page for page in pages if not page.startswith(".")]
    assert len(pages) > 10
    with serving(base, tmp_path / "nginx") as nginx:
        visitors = Visitors(nginx.port, pages, pause=0.01)
        visitors.start()
        wrk = Wrk(tmp_path, nginx.port, pages, connections=8, pause=5)
        for _ in range(SWITCHES):
            site.edit(everywhere=True)
            assert site.publish().status == 0
            site.time = manifest_of(base / "current").head.released
            assert roll_back(site.target, None, site.time).status == 0
        load = wrk.stop()
        seen = visitors.stop()
        assert nginx.errors() == ""
        assert stale(nginx.port, seen) == []

    assert verified(site, base) == []
    newest = (base / "latest").resolve()
    known: dict[str, set[str]] = defaultdict(set)
    versions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for manifest in _chain(newest):
        files = manifest.by_path()
        assets = {path for path in files if path.startswith("assets/")}
        for file in manifest.files:
            known[file.path].add(file.sha256)
            if file.path.endswith(".html"):
                versions[file.path, file.sha256] |= assets
    assert visitors.failed(known) == []
    assert (load.socket_errors, load.bad_answers) == (0, 0)
    assert load.requests > 1000
    # Everybody saw several versions, and asked for the style sheet of each.
    sheets = {one.path for one in seen if re.match(r"assets/version\.", one.path)}
    assert len(sheets) >= SWITCHES
    assert len({one.sha256 for one in seen if one.path == "index.html"}) >= SWITCHES
