"""Edits of content, settings, kinds and history, as rules of a machine."""

from __future__ import annotations

import datetime
import os
import shutil

import editedsite
from editedsite import FILES, KIND, ROWS, article, column
from edits import MORE_FILES, Building, edit
from hypothesis import strategies as st
from odd_files import workbook

DOCUMENTS = sorted(
    path for path in {**FILES, **MORE_FILES} if path.startswith("content/") and path.endswith(".md")
)
NOTICES = [path for path in DOCUMENTS if path.startswith("content/tzgg/")]
CHANGES_OF_SETTINGS = [
    ("示范经济开发区政务公开", "示范经济开发区信息公开"),
    ("0999-86660001", "0999-86660002"),
    ("https://xxgk.shifan.example/", "https://shifan.example/a/"),
    ("base_url: https://xxgk.shifan.example/\n", ""),
    ("home_columns: [tzgg]", "home_columns: [shoufei]"),
    ("home_columns: [tzgg]", "home_columns: [tzgg]\ndescription: 简介"),
    ("service_columns: [shoufei]\n", ""),
    ("theme: local", "theme: default"),
    ("theme: local", "theme: middle"),
    ("theme: local", "theme: none"),
    ("theme: local", "theme: local\nfeed_size: 2\nlimits: {max_file_bytes: 90000}"),
    ("theme: local", "theme: local\nlanguage: en"),
    ("theme: local", ": : :"),
]
KINDS = [
    KIND,
    KIND.replace("收费标准", "价格"),
    KIND.replace("title: 备注", "title: 说明"),
    KIND.replace("title: 备注", "title: 备注, private: true"),
    KIND.replace("type: number", "type: string").replace(", scale: 2", ""),
    KIND.replace("fields:", "template: guide.html\nfields:", 1),
    KIND.replace("fields:", "template: own.html\nfields:", 1),
    "kind: charges\n",
    "",
]
numbers = st.integers(0, 5)
documents = st.sampled_from(DOCUMENTS)
notices = st.sampled_from(NOTICES)
dates = st.sampled_from(["2026-03-04", "2025-02-01", "2026-11-01", "2027-01-01", "2026-3-x"])
bodies = st.sampled_from(
    ["又一段。", "## 小节\n\n又一段。", "<main>", "- 项\n- 项", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
     "[去](b.md)", "[附](a/biao.txt)", "</main></body>"]
)  # fmt: skip


class TextEdits(Building):
    """Edits of texts that leave the structure of the site."""

    @edit(path=documents, number=numbers)
    def edit_a_body(self, path: str, number: int) -> None:
        self.add_to(path, f"正文{number}。")

    @edit(path=documents, text=bodies)
    def add_to_a_body(self, path: str, text: str) -> None:
        self.add_to(path, f"\n\n{text}\n")

    @edit(path=documents, number=numbers)
    def edit_a_title(self, path: str, number: int) -> None:
        self.line(path, "标题", f"题目{number}")

    @edit(path=documents, number=st.integers(0, 9))
    def edit_a_body_and_keep_its_time(self, path: str, number: int) -> None:
        """As programs do that copy files with their times."""
        file = self.root / path
        if file.exists():
            times, content = file.stat(), file.read_bytes()
            file.write_bytes(content.replace("正".encode(), "政".encode()) + b"%d" % number)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    @edit()
    def revert(self) -> None:
        self.everything_again()


class SourceEdits(TextEdits):
    """Edits of everything in the content folder."""

    @edit(path=notices, day=dates)
    def edit_a_date(self, path: str, day: str) -> None:
        self.line(path, "发布日期", day)

    @edit(price=st.integers(1, 4))
    def edit_a_cell(self, price: int) -> None:
        rows = [ROWS[0], ["A1", "工本费", price], *ROWS[2:]]
        self.put("content/shoufei/qingdan/shoufei.xlsx", workbook(rows, "清单"))

    @edit()
    def lose_a_data_file(self) -> None:
        (self.root / "content/shoufei/qingdan/shoufei.xlsx").unlink(missing_ok=True)

    @edit(number=numbers)
    def edit_an_attachment(self, number: int) -> None:
        self.put("content/tzgg/a/biao.txt", f"附表{number}\n")

    @edit()
    def lose_an_attachment(self) -> None:
        (self.root / "content/tzgg/a/biao.txt").unlink(missing_ok=True)

    @edit(number=numbers, day=st.sampled_from(["2026-03-03", "2026-05-01", "2024-05-01"]))
    def add_a_document(self, number: int, day: str) -> None:
        self.put(f"content/tzgg/xin{number}.md", article(f"新通知{number}", day))

    @edit(path=documents)
    def delete_a_document(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    @edit(path=documents)
    def put_a_document_back(self, path: str) -> None:
        self.put(path, {**FILES, **MORE_FILES}[path])

    @edit(number=numbers, old=st.sampled_from(["content/tzgg/c.md", "content/tzgg/f.md"]))
    def rename_a_document(self, number: int, old: str) -> None:
        if (self.root / old).exists():
            (self.root / old).rename(self.root / f"content/tzgg/ming{number}.md")

    @edit()
    def swap_two_documents(self) -> None:
        one, other = self.root / "content/tzgg/c.md", self.root / "content/tzgg/d.md"
        if one.exists() and other.exists():
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)

    @edit()
    def move_a_column(self) -> None:
        here, there = self.root / "content/shoufei", self.root / "content/xxgk/shoufei"
        if here.exists() and not there.exists():
            here.rename(there)
        elif there.exists() and not here.exists():
            there.rename(here)

    @edit(number=st.integers(0, 1))
    def add_a_column(self, number: int) -> None:
        self.put(f"content/xxgk/lan{number}/_column.yaml", column(f"栏目{number}"))
        self.put(f"content/xxgk/lan{number}/yi.md", article("其一", "2026-05-04"))

    @edit(number=st.integers(0, 1))
    def delete_a_column(self, number: int) -> None:
        shutil.rmtree(self.root / f"content/xxgk/lan{number}", ignore_errors=True)

    @edit(
        name=st.sampled_from(["通知公告", "公告公示"]),
        status=st.sampled_from(
            ["", "状态: archived\n归档日期: 2026-10-01\n归档原因: 已并入\n", "隐藏: true\n",
             "描述: 说明\n", "每页条数: 2\n"]
        ),
    )  # fmt: skip
    def edit_a_column(self, name: str, status: str) -> None:
        size = "" if "每页" in status else "每页条数: 3\n"
        self.put("content/tzgg/_column.yaml", column(name, status + size))

    @edit(text=st.sampled_from(KINDS))
    def edit_a_kind(self, text: str) -> None:
        self.put("content/kinds/charges.yaml", text)

    @edit(
        relation=st.sampled_from(
            ["废止: [jiu.md]\n", "修改: [jiu.md]\n", "", "废止: [meiyou.md]\n"]
        )
    )
    def relate_documents(self, relation: str) -> None:
        body = "## 总则\n\n见清单。"
        self.put("content/xxgk/zhengce/banfa.md", article("管理办法", "2026-02-03", body, relation))

    @edit(
        note=st.sampled_from(
            ["", "变更: [{日期: 2026-05-06, 事项: 修订, 说明: 改了}]\n",
             "变更: [{日期: 2026-05-06, 事项: 撤下, 说明: 有误}]\n", "草稿: true\n",
             "公开截止日期: 2026-06-01\n", "旧地址: [tzgg/yi.html]\n", "审核: {起草: 甲}\n",
             "关键词: [甲, 乙]\n"]
        )
    )  # fmt: skip
    def change_the_state_of_a_document(self, note: str) -> None:
        self.put("content/tzgg/b.md", article("关于乙的通知", "2026-03-05", "正文乙。", note))

    @edit(change=st.sampled_from(CHANGES_OF_SETTINGS))
    def edit_the_settings(self, change: tuple[str, str]) -> None:
        self.put("content/site.yaml", str(FILES["content/site.yaml"]).replace(*change))

    @edit(day=st.sampled_from(["2026-02-04", "2026-06-05", "x"]))
    def edit_the_calendar(self, day: str) -> None:
        self.put(
            "content/calendar/2026.yaml",
            f"year: 2026\nbasis: 通知\noff: [{{name: 节, from: {day}, to: {day}}}]\n",
        )

    @edit()
    def lose_the_calendar(self) -> None:
        (self.root / "content/calendar/2026.yaml").unlink(missing_ok=True)

    @edit(
        day=st.sampled_from([editedsite.DAY, datetime.date(2026, 12, 6), datetime.date(2026, 3, 3)])
    )
    def another_day(self, day: datetime.date) -> None:
        self.day = day

    @edit()
    def with_drafts_or_without(self) -> None:
        self.drafts = not self.drafts

    @edit(day=st.sampled_from(["2026-10-02", "2026-10-20"]))
    def commit(self, day: str) -> None:
        if (self.root / ".git").exists():
            editedsite.commit_all(self.root, day)

    @edit()
    def touch_everything(self) -> None:
        for path in sorted(self.root.glob("content/**/*")):
            os.utime(path)
