"""Bytes to text: the encoding, line ends, and invisible characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.source.text import decode_utf8, looks_gb18030

NOTICE = "标题: 关于做好政务公开工作的通知\n发布日期: 2026-03-01\n"


def fault(data: bytes) -> tuple[str, str]:
    text, (problem,) = decode_utf8(data, "content/a.md")
    assert text is None
    return str(problem.where), problem.code


class TestDecoding:
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_mark_and_line_ends_do_not_matter(self, mark: bytes, end: str) -> None:
        data = mark + NOTICE.replace("\n", end).encode()
        assert decode_utf8(data, "content/a.md") == (NOTICE, ())

    def test_empty(self) -> None:
        assert decode_utf8(b"", "content/a.md") == ("", ())

    def test_the_first_bad_byte_is_located_in_characters(self) -> None:
        assert fault("标题: 通知\n正文".encode() + b"\xff\n") == ("content/a.md:2:3", "S101")

    def test_places_do_not_depend_on_mark_and_line_ends(self) -> None:
        data = b"\xef\xbb\xbf" + "一\r\n二\r三".encode() + b"\xfe"
        assert fault(data) == ("content/a.md:3:2", "S101")

    def test_gb18030_is_recognised(self) -> None:
        assert fault(NOTICE.encode("gb18030")) == ("content/a.md:1:1", "S102")

    def test_utf16_is_recognised(self) -> None:
        assert fault(NOTICE.encode("utf-16")) == ("content/a.md", "S103")

    def test_a_cut_character_is_not_taken_for_gb18030(self) -> None:
        assert fault(NOTICE.encode()[:-20] + b"\n") == ("content/a.md:2:2", "S101")

    def test_damaged_utf8_is_not_taken_for_gb18030(self) -> None:
        data = NOTICE.encode()
        assert not looks_gb18030(data[:7] + data[8:])

    @given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8))
    def test_chinese_text_in_gb18030_is_recognised(self, text: str) -> None:
        assert looks_gb18030(text.encode("gb18030"))


class TestInvisibleCharacters:
    @pytest.mark.parametrize(
        ("character", "code"),
        [
            ("\x00", "S104"), ("\x08", "S104"), ("\x0c", "S104"), ("\x1b", "S104"),
            ("\x7f", "S104"), ("\x9f", "S104"), ("\uffff", "S104"),
            ("\u2028", "S106"), ("\u2029", "S106"), ("\x85", "S106"), ("\ufeff", "S105"),
        ],
    )  # fmt: skip
    def test_each_is_located(self, character: str, code: str) -> None:
        text, (problem,) = decode_utf8(f"一\n二三{character}四\n".encode(), "content/a.md")
        assert (str(problem.where), problem.code) == ("content/a.md:2:3", code)
        assert text == ("一\n二三四\n" if code == "S105" else "一\n二三 四\n")

    def test_tabs_and_rare_characters_are_allowed(self) -> None:
        text = "a\tb 𠀀 \u200b \u3000 〔2026〕 ①\n"
        assert decode_utf8(text.encode(), "content/a.md") == (text, ())

    def test_a_binary_file_gives_few_problems(self) -> None:
        _, problems = decode_utf8(bytes(1000), "content/a.md")
        assert len(problems) == 20


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    text, problems = decode_utf8(data, "content/a.md")
    assert (text is not None) or problems
    if text is not None:
        assert "\r" not in text
        assert "\ufeff" not in text
