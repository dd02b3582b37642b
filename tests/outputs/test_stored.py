"""ZIP files of stored parts: byte for byte what ``zipfile`` writes."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.outputs import stored

NAMES = st.text(st.characters(exclude_characters="\x00\\/", codec="utf-8"), min_size=1, max_size=20)
PARTS = st.dictionaries(NAMES, st.binary(max_size=200), max_size=5).map(
    lambda parts: list(parts.items())
)


def by_zipfile(parts: list[tuple[str, bytes]], system: int, mode: int) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.create_system = system
            part.external_attr = mode << 16
            archive.writestr(part, content)
    return package.getvalue()


@given(PARTS)
def test_the_bytes_are_those_of_zipfile(parts: list[tuple[str, bytes]]) -> None:
    for system, mode in ((stored.UNIX, 0o644), (stored.DOS, 0o600)):
        assert stored.zip_bytes(parts, system, mode) == by_zipfile(parts, system, mode)


def test_chinese_names_and_contents_come_back() -> None:
    parts = [("数据/收支总表.csv", b"1"), ("a.txt", b"")]
    with zipfile.ZipFile(io.BytesIO(stored.zip_bytes(parts, stored.UNIX, 0o644))) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == parts


def test_very_large_ones_are_left_to_zipfile(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [("a", b"12345"), ("b", b"6")]
    small = stored.zip_bytes(parts, stored.UNIX, 0o644)
    monkeypatch.setattr(stored, "_LARGEST", 4)
    assert stored.zip_bytes(parts, stored.UNIX, 0o644) == small
