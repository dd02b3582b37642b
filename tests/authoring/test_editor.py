"""Editors: the real yaml-language-server completes and checks files by our schemas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from languageserver import LanguageServer

from sitegen.cli import main

HERE = Path(__file__).parents[1] / "editors"

GOOD = {
    "article": "标题: 关于停水的通知\n发布日期: 2026-03-01\n关键词: [停水, 检修]\n",
    "site": "网站名称: 示范区政务公开\n网址: https://xxgk.shifan.example/\n时区: Asia/Shanghai\n",
    "column": "名称: 通知公告\n更新方式: 随时\n责任部门: 党政办公室\n",
}
PLACES = {
    "article": "content/tzgg/tongzhi.yaml",
    "site": "content/site.yaml",
    "column": "content/tzgg/_column.yaml",
}


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the server: installed by ``make test``, else here from the lock file."""
    if (HERE / "node_modules" / "yaml-language-server").is_dir():
        return HERE
    if shutil.which("npm") is None:
        pytest.fail("the language server needs npm: run make test, which installs it")
    folder = tmp_path_factory.mktemp("editor")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    install = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(install, cwd=folder, check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("edited") / "mysite"
    assert main(["init", str(root), "--quiet"]) == 0
    assert main(["schema", "-C", str(root), "--write"]) == 0
    return root


@pytest.fixture(scope="module")
def editor(modules: Path, site: Path) -> Iterator[LanguageServer]:
    server = LanguageServer(modules, site)
    yield server
    server.close()


def line_of(root: Path, name: str) -> str:
    """The first line of a file, by which the editor finds the schema ``name``."""
    up = "../" * PLACES[name].count("/")
    return f"# yaml-language-server: $schema={up}.sitegen/schemas/{name}.json\n"


def complaints(editor: LanguageServer, site: Path, name: str, text: str) -> list[tuple[int, str]]:
    return editor.complaints(site / PLACES[name], line_of(site, name) + text)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_not_underlined(editor: LanguageServer, site: Path, name: str) -> None:
    assert complaints(editor, site, name, GOOD[name]) == []


@pytest.mark.parametrize("name", GOOD)
def test_an_unknown_key_is_underlined(editor: LanguageServer, site: Path, name: str) -> None:
    found = complaints(editor, site, name, GOOD[name] + "不认识: 1\n")
    assert [line for line, _ in found] == [5]
    assert "不认识" in found[0][1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("article", GOOD["article"] + "公开方式: 秘密公开\n"),
        ("article", GOOD["article"] + "成文日期: 2026/2/27\n"),
        ("article", GOOD["article"] + "变更: [{日期: 2026-04-01, 事项: 改}]\n"),
        ("article", GOOD["article"] + "类型: 政策文件\n"),
        ("column", GOOD["column"] + "状态: 暂停\n"),
        ("site", GOOD["site"] + "每页条数: 很多\n"),
    ],
)
def test_a_bad_value_is_underlined(
    editor: LanguageServer, site: Path, name: str, text: str
) -> None:
    assert [line for line, _ in complaints(editor, site, name, text)] == [5]


def test_a_missing_field_is_underlined(editor: LanguageServer, site: Path) -> None:
    assert complaints(editor, site, "article", "标题: 甲\n") != []
    assert complaints(editor, site, "article", "标题: 甲\n草稿: 是\n") == []


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("article", {"索引号", "发布机构", "内容概述", "附件", "变更", "正文"}),
        ("site", {"标识", "简称", "描述", "首页栏目"}),
        ("column", {"公开类别", "状态", "导语"}),
    ],
)
def test_chinese_keys_are_offered_and_no_others(
    editor: LanguageServer, site: Path, name: str, keys: set[str]
) -> None:
    complaints(editor, site, name, GOOD[name])
    offered = {item["label"] for item in editor.offers(site / PLACES[name], 5, 1)}
    assert keys <= offered
    assert offered.isdisjoint({"index_no", "Index number", "生成日期", "identity", "a20_class"})


def test_values_are_offered(editor: LanguageServer, site: Path) -> None:
    complaints(editor, site, "column", GOOD["column"] + "状态: \n")
    offered = {item["label"] for item in editor.offers(site / PLACES["column"], 5, 5)}
    assert {"正常", "归档", "合并"} <= offered


def test_a_field_is_explained_in_chinese(editor: LanguageServer, site: Path) -> None:
    complaints(editor, site, "article", GOOD["article"] + "索引号: 1\n")
    assert "流水号" in editor.shown(site / PLACES["article"], 5, 2)


@pytest.mark.parametrize("kind", ["article", "permit-decisions", "guide", "budget", "policy"])
def test_what_new_writes_is_understood(editor: LanguageServer, site: Path, kind: str) -> None:
    """The first line leads to the schema; only what is open in the draft may be underlined."""
    name = f"tzgg/{kind}.yaml"
    assert main(["new", kind, name, "-C", str(site), "--set", "标题=甲", "--no-ask"]) == 0
    path = site / "content" / name
    text = path.read_text(encoding="utf-8")
    for line, message in editor.complaints(path, text):
        written = text.split("\n")[line - 1]
        assert written.partition("#")[0].rstrip().endswith(":"), (written, message)
    broken = text.replace("标题: 甲", "标题: 甲\n不认识: 1")
    assert any("不认识" in message for _, message in editor.complaints(path, broken))
