"""Input that cannot stand in a repository: made in a site's folder just before it is built."""

from __future__ import annotations

import io
import os
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlsxwriter

FEE = """标题: 2026年收费目录清单
发布日期: 2026-01-08
收费项目:
  文件: 2026.xlsx
"""
HEADINGS = ("项目编码", "项目名称", "收费标准", "执行日期", "收费性质", "网上缴费")
NOTICE = "---\n标题: 关于{0}值班的通知\n发布日期: 2026-04-01\n---\n\n{0}期间照常值班。\n"


def _write(root: Path, path: str, content: bytes | str) -> Path:
    file = root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def notice(word: str) -> str:
    """A good document about `word`."""
    return NOTICE.format(word)


def workbook(
    rows: Sequence[Sequence[object]], sheet: str = "收费项目", *, texts: bool = False
) -> bytes:
    """An XLSX workbook with one sheet of plain values; after another one, if `texts`.

    With `texts`, what looks like a formula is a text.
    """
    book = openpyxl.Workbook()
    page = book.active
    if texts:
        page.title = "说明"
        page = book.create_sheet()
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for row_of_cells in page.iter_rows() if texts else ():
        for cell in row_of_cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fee(root: Path, data: bytes, options: str = "") -> None:
    _write(root, "shoufei/2026.yaml", FEE + options)
    _write(root, "shoufei/2026/2026.xlsx", data)


# Text ---------------------------------------------------------------------------------------


def text_not_utf8(root: Path) -> None:
    """Bytes of no encoding."""
    _write(root, "tzgg/zhiban.md", notice("节日").encode()[:60] + b"\xff\xfe\x80" + "。\n".encode())


def text_gb18030(root: Path) -> None:
    """What an old editor saves."""
    _write(root, "tzgg/zhiban.md", notice("节日").encode("gb18030"))


def text_utf16(root: Path) -> None:
    """What Notepad calls Unicode."""
    _write(root, "tzgg/zhiban.md", notice("节日").encode("utf-16"))


def text_control_character(root: Path) -> None:
    """A vertical tab in a field, a backspace in the text."""
    text = notice("节日").replace("通知", "通\x0b知").replace("照常", "照\b常")
    _write(root, "tzgg/zhiban.md", text)


def text_stray_bom(root: Path) -> None:
    """Two files joined."""
    _write(root, "tzgg/zhiban.md", notice("节日").replace("发布日期", "\ufeff发布日期"))


def text_line_separator(root: Path) -> None:
    """A line break copied out of a web page."""
    _write(root, "tzgg/zhiban.md", notice("节日").replace("通知", "通知\u2028第二行"))


def text_binary(root: Path) -> None:
    """A picture with the name of a text."""
    _write(root, "tzgg/zhiban.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))


def text_bom_and_crlf(root: Path) -> None:
    """Windows line ends and a byte order mark are good; the place of the fault is still right."""
    text = notice("节日").replace("2026-04-01", "2026-4-31").replace("\n", "\r\n")
    _write(root, "tzgg/zhiban.md", b"\xef\xbb\xbf" + text.encode())


def text_settings_gb18030(root: Path) -> None:
    """The settings themselves in an old encoding."""
    _write(root, "site.yaml", "name: 示范经济开发区政务公开\n".encode("gb18030"))


# Files and folders --------------------------------------------------------------------------


def symlink_leaving(root: Path) -> None:
    """A symbolic link to a file, and one to a folder, outside the content."""
    (root / "secret.md").write_text(notice("秘密"), encoding="utf-8")
    (root / "content/tzgg/zhiban.md").symlink_to("../../secret.md")
    (root / "content/tzgg/etc").symlink_to("/etc")


def symlink_broken(root: Path) -> None:
    """A symbolic link to nothing."""
    (root / "content/tzgg/zhiban.md").symlink_to("meiyou.md")


def symlink_circle(root: Path) -> None:
    """A symbolic link to the folder that holds it."""
    (root / "content/tzgg/more").symlink_to("../tzgg")


def file_special(root: Path) -> None:
    """A named pipe."""
    os.mkfifo(root / "content/tzgg/zhiban.md")


def file_too_large(root: Path) -> None:
    """A source and an attachment beyond the limits."""
    limits = "limits: {max_file_bytes: 3000, max_source_bytes: 2000}\n"
    with (root / "content/site.yaml").open("a", encoding="utf-8") as settings:
        settings.write(limits)
    _write(root, "tzgg/zhiban.md", notice("节日") + "值班。\n" * 400)
    _write(root, "tzgg/kaifang/shenqingbiao.txt", "值班。\n" * 400)


def file_unreadable(root: Path) -> None:
    """A file without permission to read. (The test makes it hold for root, too.)"""
    _write(root, "tzgg/zhiban.md", notice("节日")).chmod(0)


def names_differ_in_case(root: Path) -> None:
    """Two files that are one on Windows."""
    _write(root, "tzgg/zhiban.md", notice("节日"))
    _write(root, "tzgg/ZhiBan.md", notice("夜间"))


def names_differ_in_form(root: Path) -> None:
    """Two files that are one on a Mac."""
    name = "值班cafés.txt"
    with (root / "content/tzgg/kaifang.md").open(encoding="utf-8") as file:
        text = file.read().replace("shenqingbiao.txt", name)
    _write(root, "tzgg/kaifang.md", text)
    (root / "content/tzgg/kaifang/shenqingbiao.txt").unlink()
    _write(root, "tzgg/kaifang/" + unicodedata.normalize("NFC", name), "一\n")
    _write(root, "tzgg/kaifang/" + unicodedata.normalize("NFD", name), "二\n")


def names_not_for_windows(root: Path) -> None:
    """Names that cannot be checked out on Windows."""
    _write(root, "tzgg/con.md", notice("节日"))
    _write(root, "tzgg/zhiban: 1.md", notice("夜间"))
    _write(root, "tzgg/kaifang/biao.txt ", "表\n")


def name_not_utf8(root: Path) -> None:
    """A name out of an old archive."""
    place = os.fsencode(root / "content/tzgg") + b"/" + "值班".encode("gb18030") + b".md"
    with open(place, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(notice("节日").encode())


def links_to_rejected_files(root: Path) -> None:
    """What is linked to is there, but at fault: that is told once, and not missed again."""
    symlink_leaving(root)
    text = notice("夜间").replace("照常", "[照常](zhiban.md)，[其他](etc/a.md)")
    _write(root, "tzgg/yeban.md", text.replace("发布日期", "相关: [zhiban.md]\n发布日期"))


def folders_too_deep(root: Path) -> None:
    """Folders in folders in folders."""
    _write(root, "tzgg/" + "a/" * 60 + "zhiban.md", notice("节日"))


def site_file_missing(root: Path) -> None:
    """No settings at all."""
    (root / "content/site.yaml").unlink()


# CSV ----------------------------------------------------------------------------------------

_CSV = ",".join(HEADINGS) + "\r\n01,占道费,十二元,2026-01-01,行政事业性收费,是\r\n"


def csv_gb18030(root: Path) -> None:
    """Excel's own CSV: the encoding is found, the fault is located."""
    _write(root, "shoufei/2026.yaml", FEE.replace("xlsx", "csv"))
    _write(root, "shoufei/2026/2026.csv", _CSV.encode("gb18030"))


def csv_bom(root: Path) -> None:
    """CSV UTF-8 as Excel saves it."""
    _write(root, "shoufei/2026.yaml", FEE.replace("xlsx", "csv"))
    _write(root, "shoufei/2026/2026.csv", b"\xef\xbb\xbf" + _CSV.encode())


def csv_other_encoding(root: Path) -> None:
    """The document says another encoding than the file has."""
    _write(root, "shoufei/2026.yaml", FEE.replace("xlsx", "csv") + "  编码: utf-8\n")
    _write(root, "shoufei/2026/2026.csv", _CSV.encode("gb18030"))


def csv_unknown_encoding(root: Path) -> None:
    """The document says an encoding that there is not."""
    _write(root, "shoufei/2026.yaml", FEE.replace("xlsx", "csv") + "  编码: big5\n")
    _write(root, "shoufei/2026/2026.csv", _CSV)


def csv_binary(root: Path) -> None:
    """A workbook that was only renamed."""
    _write(root, "shoufei/2026.yaml", FEE.replace("xlsx", "csv"))
    _write(root, "shoufei/2026/2026.csv", workbook([HEADINGS]))


# XLSX ---------------------------------------------------------------------------------------


def xlsx_wrong_cells(root: Path) -> None:
    """Faults in cells, under a title and merged headings."""
    rows = [
        ["2026年收费目录"],
        [],
        HEADINGS,
        ["01", "占道费", "十二元", "2026-02-30", "行政事业性收费", "是"],
        ["02", None, 4, "2026-01-01", "经营性收费", "看情况"],
        ["01", "停车费", 4, "2026-01-01", "经营服务性收费", "否"],
    ]
    _fee(root, workbook(rows))


def xlsx_unknown_column(root: Path) -> None:
    """A heading with a slip of the pen, and one that is missing."""
    _fee(root, workbook([("项目编码", "项日名称", "收费标准"), ("01", "占道费", 12.5)]))


def xlsx_error_and_formula(root: Path) -> None:
    """An error value, and a formula that no program has worked out."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet("收费项目")
    page.write_row(0, 0, HEADINGS)
    page.write_row(1, 0, ("01", "占道费"))
    page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    page.write_row(2, 0, ("02", "停车费"))
    page.write_formula(2, 2, "=C2*2", None, "")
    book.close()
    _fee(root, stream.getvalue())


def xlsx_long_number(root: Path) -> None:
    """A code typed as a number: Excel has already lost its end."""
    _fee(root, workbook([HEADINGS, (110000001234567883, "占道费", 12.5)]))


def xlsx_no_sheet(root: Path) -> None:
    """The name of the sheet has a slip of the pen."""
    _fee(root, workbook([HEADINGS, ("01", "占道费", 12.5)]), "  工作表: 收费项日\n")


def xlsx_hidden_sheet(root: Path) -> None:
    """A hidden sheet is not published by naming it."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    page = book.create_sheet("底稿")
    page.append(HEADINGS)
    page.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    _fee(root, stream.getvalue(), "  工作表: 底稿\n")


def xlsx_all_hidden(root: Path) -> None:
    """A workbook that shows nothing."""
    _fee(root, _with_part("xl/workbook.xml", lambda p: p.replace(b'"visible"', b'"veryHidden"')))


def xlsx_not_a_workbook(root: Path) -> None:
    """A text with the name of a workbook."""
    _fee(root, "项目编码,项目名称\n01,占道费\n".encode())


def xlsx_empty(root: Path) -> None:
    """A file of no bytes."""
    _fee(root, b"")


def xlsx_old_format(root: Path) -> None:
    """The container of .xls and of workbooks with a password."""
    _fee(root, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))


def xlsx_cut_off(root: Path) -> None:
    """Half a download."""
    data = workbook([HEADINGS, ("01", "占道费", 12.5)])
    _fee(root, data[: len(data) // 2])


def xlsx_damaged_part(root: Path) -> None:
    """A sound ZIP whose sheet is cut off."""
    _fee(root, _with_part("xl/worksheets/sheet1.xml", lambda part: part[: len(part) // 2]))


def xlsx_entity(root: Path) -> None:
    """A document type definition, the beginning of a bomb."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    _fee(root, _with_part("xl/workbook.xml", lambda part: bomb + part.partition(b"?>")[2]))


def _with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(workbook([HEADINGS, ("01", "占道费", 12.5)])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for entry in source.namelist():
            part = source.read(entry)
            target.writestr(entry, change(part) if entry == name else part)
    return stream.getvalue()


def xlsx_far_cell(root: Path) -> None:
    """One forgotten space in the last row of the sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "收费项目"
    page.append(HEADINGS)
    page.cell(1_048_576, 16_384, "x")
    stream = io.BytesIO()
    book.save(stream)
    _fee(root, stream.getvalue())


def output_foreign_file(root: Path) -> None:
    """Somebody's own file stands where a page must go."""
    _write(root, "tzgg/zhiban.md", notice("节日"))
    (root / "build/tzgg/zhiban.html").write_text("mine\n", encoding="utf-8")


# Themes -------------------------------------------------------------------------------------


def theme_not_utf8(root: Path) -> None:
    """A template in an old encoding."""
    folder = root / "themes/zone/templates"
    folder.mkdir(parents=True)
    (root / "themes/zone/theme.yaml").write_text("parent: default\n", encoding="utf-8")
    (folder / "404.html").write_bytes("<p>没有这个页面</p>\n".encode("gb18030"))
    with (root / "content/site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("theme: zone\n")


# The record kept by git -----------------------------------------------------------------------


def _commit(root: Path, day: str) -> None:
    """Commit the content as on a day, by nobody in particular."""
    stamp = f"{day}T09:00:00+08:00"
    names = {"NAME": "office", "EMAIL": "office@shifan.example", "DATE": stamp}
    roles = ("AUTHOR", "COMMITTER")
    env = {f"GIT_{role}_{key}": value for role in roles for key, value in names.items()}
    plain = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(root)}
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "content"),
        ("-c", "commit.gpgsign=false", "commit", "-q", "-m", "content"),
    ):
        subprocess.run(["git", *command], cwd=root, env={**plain, **env}, check=True)


def _edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / "content" / path
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _recorded(root: Path) -> None:
    """The good site with one notice more, all committed when it was published."""
    for path, formed, published in (
        ("shoufei/2025.yaml", "2025-01-06", "2025-01-08"),
        ("zhengce/banfa.md", "2026-01-09", "2026-01-12"),
        ("tzgg/kaifang.md", "2026-03-01", "2026-03-02"),
    ):
        _edit(root, path, f"成文日期: {formed}", "成文日期: 2026-03-31")
        _edit(root, path, f"发布日期: {published}", "发布日期: 2026-04-01")
    _write(root, "tzgg/zhiban.md", notice("节日"))
    _commit(root, "2026-04-01")


def history_undeclared_edit(root: Path) -> None:
    """A published text was changed a month later without a word."""
    _recorded(root)
    _edit(root, "tzgg/zhiban.md", "照常", "轮流")
    _commit(root, "2026-05-06")


def history_vanished(root: Path) -> None:
    """A published document was deleted."""
    _recorded(root)
    (root / "content/tzgg/zhiban.md").unlink()
    _commit(root, "2026-05-06")


def history_moved(root: Path) -> None:
    """A published document was moved, and its old address forgotten."""
    _recorded(root)
    (root / "content/tzgg/zhiban.md").rename(root / "content/zhengce/zhiban.md")
    _commit(root, "2026-05-06")


def history_backdated(root: Path) -> None:
    """A document appeared a month after the date that it bears."""
    _recorded(root)
    _write(root, "tzgg/yeban.md", notice("夜间"))
    _commit(root, "2026-05-06")


def history_deleted_not_committed(root: Path) -> None:
    """A published document is gone, which is not committed yet."""
    _recorded(root)
    (root / "content/tzgg/zhiban.md").unlink()


def history_uncommitted_release(root: Path) -> None:
    """A release with a change that is not committed."""
    _recorded(root)
    _edit(root, "tzgg/zhiban.md", "照常", "轮流")


def history_shallow(root: Path) -> None:
    """A clone whose history is cut off."""
    _recorded(root)
    _edit(root, "tzgg/_column.yaml", "党政办公室", "综合办公室")
    _commit(root, "2026-05-06")
    (root / ".git/shallow").write_bytes(
        subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, check=True
        ).stdout
    )


def history_shallow_release(root: Path) -> None:
    """A release out of such a clone."""
    history_shallow(root)


def history_moved_to_a_faulty_file(root: Path) -> None:
    """What the faulty file may say (an alias) is not missed."""
    _recorded(root)
    (root / "content/tzgg/zhiban.md").rename(root / "content/zhengce/zhiban.md")
    _edit(root, "zhengce/zhiban.md", "标题: ", "旧地址：[tzgg/zhiban.html]\n标题: ")
    _commit(root, "2026-05-06")


OPTIONS = {
    "history-uncommitted-release": ("--release",),
    "history-shallow-release": ("--release",),
}
"""More options of the command, by the name of the case."""

MAKERS: dict[str, Callable[[Path], None]] = {
    name.replace("_", "-"): function
    for name, function in sorted(globals().items())
    if callable(function)
    and getattr(function, "__module__", "") == __name__
    and not name.startswith("_")
    and name not in ("notice", "workbook")
}
"""What to make, by the name of the case."""
