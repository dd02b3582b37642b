"""Records come back as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.engine.store import DamagedError, PackReader, PackWriter, Place


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
