"""Records come back as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.engine.store import (
    DamagedError,
    PackReader,
    PackWriter,
    Place,
    load_checked,
    save_checked,
)


@given(records=st.lists(st.binary(max_size=200), max_size=20))
def test_every_record_is_found_again(records: list[bytes], tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("packs")
    with PackWriter(folder, "one") as pack:
        places = [pack.append(record) for record in records]
    reader = PackReader(folder)
    assert [reader.read(place) for place in reversed(places)] == records[::-1]
    reader.close()


def test_a_lost_pack_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="gone"):
        PackReader(tmp_path).read(Place("gone", 0, 1, b""))


@given(record=st.binary(min_size=1, max_size=40), data=st.data())
def test_one_bit_that_flipped_in_a_pack_is_damage(
    record: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("packs")
    with PackWriter(folder, "one") as pack:
        pack.append(b"before")
        place = pack.append(record)
    _flip(folder / "one", data.draw(st.integers(6 * 8, 8 * (6 + len(record)) - 1)))
    reader = PackReader(folder)
    with pytest.raises(DamagedError, match="one"):
        reader.read(place)
    reader.close()


@given(content=st.binary(max_size=40), data=st.data())
def test_what_was_saved_is_nothing_when_one_bit_of_it_flipped_or_its_end_is_lost(
    content: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("saved") / "file"
    save_checked(file, content)
    assert load_checked(file) == content
    whole = file.read_bytes()
    file.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert load_checked(file) is None
    file.write_bytes(whole)
    _flip(file, data.draw(st.integers(0, 8 * len(whole) - 1)))
    assert load_checked(file) is None


def _flip(file: Path, bit: int) -> None:
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)
