"""What is there already of a page is used only if it is still what was left there."""

from __future__ import annotations

import hashlib
from array import array
from pathlib import Path

from sitegen.making.produce import InnerPart, MakeContext

CONTENT = "<html>正文</html>".encode()


def context(output: Path) -> MakeContext:
    """A context that knows of the inner part of one page."""
    places = array("I", (6, len(CONTENT) - 7)).tobytes()
    inner = {"a.html": InnerPart(places, hashlib.sha256(CONTENT).digest(), 0)}
    return MakeContext(
        None, None, None, (), {}, output, inner=inner, output=str(output)  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_inner_part_of_a_page_is_taken_from_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(CONTENT)
    assert context(tmp_path).inner_of("a.html") == ("正文".encode(),)
    assert context(tmp_path).inner_of("b.html") is None


def test_a_page_that_is_altered_or_gone_has_no_inner_part(tmp_path: Path) -> None:
    """Somebody may do that after the build looked at it."""
    assert context(tmp_path).inner_of("a.html") is None
    (tmp_path / "a.html").write_bytes(CONTENT.replace("正".encode(), "证".encode()))
    assert context(tmp_path).inner_of("a.html") is None
