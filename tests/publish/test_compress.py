"""Compressed siblings: whatever is unpacked from them is the original, or they are refused."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.publish.compress import ENCODINGS, compressed, is_compressible, unpacked

TEXT = "公开信息".encode() * 300


@pytest.mark.parametrize("suffix", ENCODINGS)
def test_what_is_packed_is_unpacked(suffix: str) -> None:
    packed = compressed(TEXT, suffix)
    assert packed is not None
    assert len(packed) < len(TEXT) / 4
    assert compressed(TEXT, suffix) == packed
    assert unpacked(packed, suffix, len(TEXT)) == TEXT


@pytest.mark.parametrize("suffix", ENCODINGS)
def test_what_does_not_shrink_has_no_sibling(suffix: str) -> None:
    packed = compressed(TEXT, suffix)
    assert packed is not None
    assert compressed(gzip.compress(bytes(range(256)), mtime=0), suffix) is None


@pytest.mark.parametrize("suffix", ENCODINGS)
def test_a_sibling_of_another_size_or_with_something_after_it_is_refused(suffix: str) -> None:
    packed = compressed(TEXT, suffix)
    assert packed is not None
    assert unpacked(packed, suffix, len(TEXT) - 1) is None
    assert unpacked(packed, suffix, len(TEXT) + 1) is None
    assert unpacked(packed[:-3], suffix, len(TEXT)) is None
    assert unpacked(packed + b"more", suffix, len(TEXT)) is None


@pytest.mark.parametrize("suffix", ENCODINGS)
def test_a_bomb_is_not_unpacked(suffix: str) -> None:
    bomb = compressed(bytes(200_000_000 if suffix == ".gz" else 50_000_000), suffix)
    assert bomb is not None
    assert unpacked(bomb, suffix, 1000) is None


@given(st.binary(max_size=300), st.sampled_from(sorted(ENCODINGS)), st.integers(0, 400))
def test_any_bytes_are_unpacked_or_refused(data: bytes, suffix: str, size: int) -> None:
    content = unpacked(data, suffix, size)
    assert content is None or len(content) == size


def test_texts_and_stored_archives_are_compressed_pictures_are_not() -> None:
    assert is_compressible("a/b.html", 1000)
    assert is_compressible("a/b.xlsx", 1000)
    assert not is_compressible("a/b.png", 100_000)
    assert not is_compressible("a/b.html", 100)
    assert not is_compressible("a.html/README", 1000)
