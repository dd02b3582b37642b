"""Whatever a file holds, the writing aids either edit it soundly or leave it alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from writing import TODAY

from sitegen.authoring.forms import Form
from sitegen.authoring.layout import Source, read_source
from sitegen.authoring.mending import in_order, mend_colons, mend_values
from sitegen.authoring.withdraw import change
from sitegen.kinds.fields import RecordReader
from sitegen.kinds.loading import load_kinds

KINDS, _ = load_kinds()
FORM = Form(RecordReader(KINDS.fields_of(KINDS.kinds["article"])), KINDS.kinds["article"])
KNOWN = frozenset(("标题", "发布日期", "变更", "关键词", "正文", "附件", "日期", "事项"))

WORDS = [
    "标题",
    "发布日期",
    "变更",
    "关键词",
    "正文",
    "附件",
    "日期",
    "事项",
    "甲",
    "修订",
    "a.pdf",
]
SIGNS = [
    ": ",
    "：",
    ":",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    '"',
    "? ",
    "~",
    "%",
    "\\",
    "<<",
    "null",
]
BREAKS = ["\n", "\r\n", "\n  ", "\n- ", "\n  - ", "|\n  ", ">-\n  ", "\t", " ", "---\n"]
OTHERS = [
    "# 注",
    " # 注",
    "2026/3/1",
    "2026-03-01",
    "&a",
    "*a",
    "null",
    "a.pdf",
    "!x ",
    "\ufeff",
    "\u2028",
]
TEXTS = st.lists(st.sampled_from(WORDS + SIGNS + BREAKS + OTHERS), max_size=24).map("".join)
ENTRIES = [
    "标题: 甲\n",
    "标题: >\n  x\n",
    "发布日期: '2026/3/1'\n",
    "# 注\n",
    "\n",
    "变更: []\n",
    "变更:\n",
    "变更: {日期: 2026-03-01, 事项: 修订}\n",
    "变更:\n- {日期: 2026/3/1, 事项: 修订}\n",
    "变更:\n    -   日期: 2026/3/1\n        事项: 修订\n",
    "关键词: [甲, 2026/3/1]\n",
    "正文: |\n  甲\n\n",
    "附件: a.pdf\n",
    "内容概述: >-\n  一\n  二\n",
    "表格:\n  t: {标题: 乙, 字段: [甲], 数据: [[1]]}\n",
]
GOOD = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=8).map("".join)


def worked_on(path: str, data: bytes) -> None:
    source, _, _ = mend_colons(path, data, KNOWN)
    if source is None:
        return
    mended = source.edited([edit for edit, _ in mend_values(source, FORM)])
    again = sound(path, mended)
    assert list(mend_values(again, FORM)) == []
    order = in_order(again, FORM)
    if order is not None:
        assert in_order(sound(path, again.edited([order])), FORM) is None
    added = again.appended(FORM.record, "changes", change(FORM, again, TODAY, "撤下", "一, 二: #"))
    if added is not None:
        after = sound(path, again.edited([added]))
        assert [key.value for key, _ in after.entries if key.value not in ("变更", "changes")] == [
            key.value for key, _ in again.entries if key.value not in ("变更", "changes")
        ]
        assert "一, 二: #" in after.text


def sound(path: str, data: bytes) -> Source:
    source, problems = read_source(path, data)
    assert source is not None, (data.decode(), problems)
    return source


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    worked_on("a.yaml", text.encode())
    worked_on("a.md", f"---\n{text}\n---\n正文\n".encode())


@settings(max_examples=200, deadline=None)
@given(GOOD, st.sampled_from(["\n", "\r\n"]))
def test_any_good_text(text: str, newline: str) -> None:
    worked_on("a.yaml", text.replace("\n", newline).encode())
    worked_on("a.yaml", text.rstrip("\n").replace("\n", newline).encode())
    worked_on("a.md", f"---\n{text}---\n正文\n".replace("\n", newline).encode())
