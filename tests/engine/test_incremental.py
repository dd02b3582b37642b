"""Clean equals incremental: whatever is edited or damaged, in whatever order."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import editedsite
from editedsite import FILES, KIND, ROWS, article, column, difference, tree, write
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from odd_files import workbook

from sitegen.build import DONE

THOROUGH = bool(os.environ.get("SITEGEN_THOROUGH"))

DOCUMENTS = sorted(
    path for path in FILES if path.startswith("content/tzgg/") and path.endswith(".md")
)
numbers = st.integers(0, 5)
SETTINGS = st.sampled_from(
    [
        ("示范经济开发区政务公开", "示范经济开发区信息公开"),
        ("0999-86660001", "0999-86660002"),
        ("https://xxgk.shifan.example/", "https://shifan.example/a/"),
        ("base_url: https://xxgk.shifan.example/\n", ""),
        ("home_columns: [tzgg]", "home_columns: [shoufei]"),
        ("theme: local", "theme: default"),
        ("theme: local", "theme: local\nfeed_size: 2\nlimits: {max_file_bytes: 90000}"),
        ("theme: local", "theme: local\nlanguage: en"),
        ("theme: local", ": : :"),
    ]
)
DAYS = st.sampled_from(["2026-03-04", "2025-02-01", "2026-11-01", "2027-01-01", "2026-3-x"])
HOWS = st.sampled_from(["gone", "empty", "cut", "flipped", "other"])
OTHER_DAYS = st.sampled_from(
    [editedsite.DAY, datetime.date(2026, 12, 6), datetime.date(2026, 3, 3)]
)


class Edits(RuleBasedStateMachine):
    """A site that somebody works on; after every step a build is held against a clean one."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-test-"))
        self.root = self.folder / "site"
        self.day = editedsite.DAY
        self.drafts = False
        self.built: dict[str, bytes] = {}
        self.commits = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(repository=st.booleans())
    def start(self, repository: bool) -> None:
        editedsite.make_site(self.root, repository=repository)
        self.check()

    # Sources

    @rule(path=st.sampled_from(DOCUMENTS), number=numbers)
    def edit_a_body(self, path: str, number: int) -> None:
        self.change(path, f"正文{number}。", end=True)
        self.check()

    @rule(path=st.sampled_from(DOCUMENTS), number=numbers)
    def edit_a_title(self, path: str, number: int) -> None:
        self.line(path, "标题", f"题目{number}")
        self.check()

    @rule(
        path=st.sampled_from(DOCUMENTS),
        day=DAYS,
    )
    def edit_a_date(self, path: str, day: str) -> None:
        self.line(path, "发布日期", day)
        self.check()

    @rule(price=st.integers(1, 4))
    def edit_a_cell(self, price: int) -> None:
        rows = [ROWS[0], ["A1", "工本费", price], *ROWS[2:]]
        self.put("content/shoufei/qingdan/shoufei.xlsx", workbook(rows, "清单"))
        self.check()

    @rule()
    def lose_a_data_file(self) -> None:
        (self.root / "content/shoufei/qingdan/shoufei.xlsx").unlink(missing_ok=True)
        self.check()

    @rule(number=numbers)
    def edit_an_attachment(self, number: int) -> None:
        self.put("content/tzgg/a/biao.txt", f"附表{number}\n")
        self.check()

    @rule(number=numbers, day=st.sampled_from(["2026-03-03", "2026-05-01", "2024-05-01"]))
    def add_a_document(self, number: int, day: str) -> None:
        self.put(f"content/tzgg/xin{number}.md", article(f"新通知{number}", day))
        self.check()

    @rule(path=st.sampled_from([*DOCUMENTS, "content/xxgk/zhengce/banfa.md"]))
    def delete_a_document(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)
        self.check()

    @rule(number=numbers)
    def rename_a_document(self, number: int) -> None:
        old = self.root / "content/tzgg/c.md"
        if old.exists():
            old.rename(self.root / f"content/tzgg/ming{number}.md")
        self.check()

    @rule()
    def move_a_column(self) -> None:
        here, there = self.root / "content/shoufei", self.root / "content/xxgk/shoufei"
        if here.exists() and not there.exists():
            here.rename(there)
        elif there.exists() and not here.exists():
            there.rename(here)
        self.check()

    @rule(
        name=st.sampled_from(["通知公告", "公告公示"]),
        status=st.sampled_from(
            ["", "状态: archived\n归档日期: 2026-10-01\n归档原因: 已并入\n", "隐藏: true\n"]
        ),
    )
    def edit_a_column(self, name: str, status: str) -> None:
        self.put("content/tzgg/_column.yaml", column(name, status + "每页条数: 3\n"))
        self.check()

    @rule(
        text=st.sampled_from(
            [
                KIND,
                KIND.replace("收费标准", "价格"),
                KIND.replace("title: 备注", "title: 说明"),
                KIND.replace("type: number", "type: string").replace(", scale: 2", ""),
                "kind: charges\n",
                "",
            ]
        )
    )
    def edit_a_kind(self, text: str) -> None:
        self.put("content/kinds/charges.yaml", text)
        self.check()

    @rule(
        relation=st.sampled_from(
            ["废止: [jiu.md]\n", "修改: [jiu.md]\n", "", "废止: [meiyou.md]\n"]
        )
    )
    def relate_documents(self, relation: str) -> None:
        body = "## 总则\n\n见清单。"
        self.put("content/xxgk/zhengce/banfa.md", article("管理办法", "2026-02-03", body, relation))
        self.check()

    @rule(
        note=st.sampled_from(
            [
                "",
                "变更: [{日期: 2026-05-06, 事项: 修订, 说明: 改了}]\n",
                "变更: [{日期: 2026-05-06, 事项: 撤下, 说明: 有误}]\n",
                "草稿: true\n",
                "公开截止日期: 2026-06-01\n",
            ]
        )
    )
    def change_the_state_of_a_document(self, note: str) -> None:
        self.put("content/tzgg/b.md", article("关于乙的通知", "2026-03-05", "正文乙。", note))
        self.check()

    # The theme and the settings

    @rule(
        text=st.sampled_from(
            ["", "<!-- 1 -->\n", "{{ 1/0 }}\n", "{% if %}\n", "{{ asset('none.css') }}\n"]
        ),
        name=st.sampled_from(
            ["parts/footer.html", "column.html", "document.html", "parts/none.html"]
        ),
    )
    def override_a_template(self, text: str, name: str) -> None:
        shipped = Path(editedsite.__file__).parents[2] / "themes/default/templates" / name
        whole = (shipped.read_text() if shipped.exists() else "") + text
        self.put(f"themes/local/templates/{name}", whole)
        self.check()

    @rule()
    def drop_the_overrides(self) -> None:
        shutil.rmtree(self.root / "themes/local/templates", ignore_errors=True)
        self.check()

    @rule(color=st.sampled_from(["red", "blue"]))
    def override_a_style_sheet(self, color: str) -> None:
        self.put("themes/local/static/site.css", f"body {{ color: {color}; }}\n")
        self.check()

    @rule(change=SETTINGS)
    def edit_the_settings(self, change: tuple[str, str]) -> None:
        text = str(FILES["content/site.yaml"])
        self.put("content/site.yaml", text.replace(*change))
        self.check()

    @rule(day=st.sampled_from(["2026-02-04", "2026-06-05", "x"]))
    def edit_the_calendar(self, day: str) -> None:
        self.put(
            "content/calendar/2026.yaml",
            f"year: 2026\nbasis: 通知\noff: [{{name: 节, from: {day}, to: {day}}}]\n",
        )
        self.check()

    @rule(day=OTHER_DAYS)
    def another_day(self, day: datetime.date) -> None:
        self.day = day
        self.check()

    @rule()
    def with_drafts_or_without(self) -> None:
        self.drafts = not self.drafts
        self.check()

    @rule(day=st.sampled_from(["2026-10-02", "2026-10-20"]))
    def commit(self, day: str) -> None:
        if (self.root / ".git").exists():
            editedsite.commit_all(self.root, day)
        self.check()

    @rule()
    def revert(self) -> None:
        for name in ("content", "themes"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for path, content in FILES.items():
            write(self.root, path, content)
        self.check()

    @rule()
    def touch_everything(self) -> None:
        for path in sorted(self.root.glob("content/**/*")):
            os.utime(path)
        self.check()

    # Damage

    @rule(place=st.integers(0, 40), how=HOWS)
    def damage_the_cache(self, place: int, how: str) -> None:
        files = sorted(
            path
            for path in (self.root / ".sitegen").rglob("*")
            if path.is_file() and path.name != "lock"
        )
        if files:
            damage(files[place % len(files)], how)
        self.check()

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.root / ".sitegen")
        self.check()

    @rule(place=st.integers(0, 200), how=HOWS)
    def damage_an_output(self, place: int, how: str) -> None:
        made = sorted((self.root / "build").rglob("*"))
        files = [path for path in made if path.is_file()]
        if files:
            damage(files[place % len(files)], how)
        self.check()

    @rule()
    def without_the_cache(self) -> None:
        self.check(cache=False)

    @rule()
    def into_another_folder_in_between(self) -> None:
        editedsite.run(self.root, as_of=self.day, drafts=self.drafts, output="other")
        self.check()

    # What must hold

    def check(self, cache: bool = True) -> None:
        options = {"as_of": self.day, "drafts": self.drafts}
        result = editedsite.run(self.root, cache=cache, **options)
        expected, whole = editedsite.clean(self.root, self.folder / "clean", **options)
        assert result.status == expected.status
        assert result.problems == expected.problems
        assert result.documents == expected.documents
        assert result.left_out == expected.left_out
        now = tree(self.root / "build") if (self.root / "build").exists() else {}
        if result.status == DONE:
            assert difference(now, whole) == []
            assert result.committed is not None
            assert expected.committed is not None
            total = expected.committed.written
            assert result.committed.written + result.committed.unchanged == total
            again = editedsite.run(self.root, **options)
            assert (again.problems, again.status) == (result.problems, DONE)
            assert again.committed is not None
            assert again.committed.written == 0

    def put(self, path: str, content: str | bytes) -> None:
        write(self.root, path, content)

    def change(self, path: str, text: str, *, end: bool) -> None:
        file = self.root / path
        if file.exists():
            file.write_text(file.read_text() + text)

    def line(self, path: str, key: str, value: str) -> None:
        file = self.root / path
        if file.exists():
            lines = file.read_text().splitlines(keepends=True)
            file.write_text(
                "".join(
                    f"{key}: {value}\n" if each.startswith(key + ":") else each for each in lines
                )
            )


def damage(file: Path, how: str) -> None:
    """Do something to a file that nobody should."""
    content = file.read_bytes()
    if how == "gone":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how == "flipped" and content:
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    else:
        file.write_bytes(b"\x90other")


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=60 if THOROUGH else 3,
    stateful_step_count=40 if THOROUGH else 12,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=list(HealthCheck),
)


def test_another_process_knows_what_this_one_read(tmp_path: Path) -> None:
    """Digests do not depend on a process's hash seed: one edit reads one document again."""
    root = tmp_path / "site"
    content = root / "content"
    content.mkdir(parents=True)
    (content / "site.yaml").write_text("网站名称: 示范\n", "utf-8")
    text = "---\n标题: 通知{0}\n发布日期: 2026-03-01\n责任部门: 办公室\n---\n正文。\n"
    for number in range(5):
        (content / f"a{number}.md").write_text(text.format(number), "utf-8")
    read = []
    for seed in ("1", "2"):
        (content / "a0.md").write_text(text.format(0) + f"第{seed}次。\n", "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "sitegen", "-C", root, "build", "--lang", "en"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        read += re.findall(r"Reading documents \((\d+)\)", done.stderr)
    assert read == ["5", "1"]
