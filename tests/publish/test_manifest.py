"""The manifest: the same release gives the same bytes, and nothing is believed of a stranger's."""

from __future__ import annotations

import datetime
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.publish.manifest import (
    Head,
    Manifest,
    NoManifestError,
    ReleasedFile,
    is_release_name,
    is_safe,
    listed_sums,
    manifest_bytes,
    read_head,
    read_manifest,
    release_name,
)

TIME = datetime.datetime(2026, 11, 23, 9, 47, 12, tzinfo=datetime.UTC)
HEAD = Head("示范", "https://xxgk.shifan.example/", TIME, "2026-11-23", "c" * 40, "sitegen 1")
DIGEST = "0123456789abcdef" * 4

_paths = st.lists(
    st.text(string.ascii_lowercase + string.digits + "-_~通知", min_size=1, max_size=6),
    min_size=1,
    max_size=4,
).map("/".join)


def _manifest(*paths: str) -> Manifest:
    files = (ReleasedFile(path, 3, DIGEST, TIME) for path in sorted(paths))
    return Manifest(HEAD, tuple(files))


@given(st.sets(_paths, max_size=8))
def test_what_is_written_is_read_back(paths: set[str]) -> None:
    manifest = _manifest(*paths)
    data = manifest_bytes(manifest)
    assert read_manifest(data) == manifest
    assert manifest_bytes(read_manifest(data)) == data
    assert read_head(data.split(b"\n", 1)[0]) == HEAD


def test_each_file_has_a_line_of_its_own() -> None:
    lines = manifest_bytes(_manifest("a.html", "b.html")).decode().splitlines()
    assert len(lines) == 4
    assert lines[1].startswith('{"path": "a.html", "size": 3, ')
    assert json.loads(lines[1].rstrip(","))["since"] == "2026-11-23T09:47:12Z"


def test_a_release_is_named_by_its_time_and_its_manifest() -> None:
    name = release_name(TIME, DIGEST)
    assert name == "20261123T0947-0123456789ab"
    assert is_release_name(name)
    assert not is_release_name(".partial-" + name)


def test_sums_are_as_sha256sum_reads_them() -> None:
    sums = listed_sums(_manifest("a.html"), "f" * 64).decode()
    assert sums == f"{DIGEST}  a.html\n{'f' * 64}  manifest.json\n"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../a", "a/../../b", "a//b", "./a", "a/.", "", "a\\b", "a\nb", "a/"]
)
def test_an_address_never_leaves_the_release(path: str) -> None:
    assert not is_safe(path)
    data = manifest_bytes(_manifest("a.html")).replace(b'"a.html"', json.dumps(path).encode())
    with pytest.raises(NoManifestError):
        read_manifest(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"sitegen-release/1"', b'"other"'),
        (b'"size": 3', b'"size": -3'),
        ("示范".encode(), b"\\u001b[31m"),
        (b'"size": 3', b'"size": "3"'),
        (DIGEST.encode(), b"xyz"),
        (b'"previous": null', b'"previous": "xyz"'),
        (b'"2026-11-23T09:47:12Z", "as_of"', b'"today", "as_of"'),
        (b'"since": "2026-11-23T09:47:12Z"', b'"since": 1'),
        (b'"files": [', b'"files": [7, '),
        (b'"commit": "', b'"commit": 1, "x": "'),
        (b"]}", b""),
    ],
)
def test_a_manifest_that_is_not_as_ours_is_none(old: bytes, new: bytes) -> None:
    data = manifest_bytes(_manifest("a.html"))
    assert old in data
    with pytest.raises(NoManifestError):
        read_manifest(data.replace(old, new))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_none(data: bytes) -> None:
    with pytest.raises(NoManifestError):
        read_manifest(data)


def test_no_address_is_listed_twice() -> None:
    data = manifest_bytes(_manifest("a.html", "b.html")).replace(b"b.html", b"a.html")
    with pytest.raises(NoManifestError):
        read_manifest(data)
