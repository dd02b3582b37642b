"""The words that generated files use of themselves (headings of the 说明 sheet, file names …).

They are few and fixed, and a data file must not change with a theme: so they stand here, in the two
languages of a site, and not in a theme's catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.kinds.kind import Label

_WORDS: Mapping[str, tuple[str, str]] = {
    "about": ("说明", "About"),
    "data": ("数据", "Data"),
    "text": ("正文", "Text"),
    "attachments": ("附件", "Attachments"),
    "title": ("标题", "Title"),
    "table": ("表名", "Table"),
    "table_code": ("表号", "Table number"),
    "unit": ("计量单位", "Unit"),
    "rows": ("数据行数", "Rows"),
    "issuer": ("发布机构", "Issuer"),
    "doc_no": ("文号", "Document number"),
    "index_no": ("索引号", "Index number"),
    "formed_on": ("成文日期", "Formed on"),
    "published_on": ("发布日期", "Published on"),
    "revised_on": ("修订日期", "Revised on"),
    "validity": ("有效性", "Validity"),
    "site": ("网站", "Site"),
    "page": ("网页", "Page"),
    "description": ("说明", "Description"),
    "statement": ("空表说明", "Why it is empty"),
    "notice": ("使用说明", "Notice"),
    "notice_text": (
        "本文件由网页上公开的数据自动生成，内容以网页及所附原件为准；引用时请注明来源和日期。",
        "Generated from the data published on the page; the page and the original documents "
        "prevail. When quoting, name the source and the date.",
    ),
    "heading": ("列名", "Heading"),
    "name": ("英文名", "Name"),
    "type": ("类型", "Type"),
    "required": ("必填", "Required"),
    "choices": ("取值", "Values"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "files": ("文件清单", "Files"),
    "string": ("文本", "text"),
    "integer": ("整数", "integer"),
    "number": ("数值", "number"),
    "date": ("日期（年-月-日）", "date (year-month-day)"),
    "yearmonth": ("年月（年-月）", "month (year-month)"),
    "year": ("年份", "year"),
    "boolean": ("是/否", "yes/no"),
    "csv_note": (
        "CSV 文件为带 BOM 的 UTF-8 编码、CRLF 换行，可直接用表格软件打开。"
        "文本列中以 = + - @ 等符号开头的内容前加一个单引号（'），以免被当作公式；"
        "数值列保持数值，负号不受影响。空白单元格表示没有填写。"
        "JSON 文件为 UTF-8 编码，键名是各列的 jsonName，数值保留原有的小数位。",
        "The CSV file is UTF-8 with a byte order mark and CRLF line ends, and opens in spreadsheet "
        "programs as it is. In text columns, a text that begins with = + - @ or the like has an "
        "apostrophe (') before it, lest it be taken for a formula; number columns hold numbers, "
        "with their minus signs. An empty cell means that nothing was filled in. The JSON file is "
        "UTF-8; its keys are each field's jsonName, and its numbers keep their decimals.",
    ),
    "stop": ("。", ". "),
    "colon": ("：", ": "),
    "semicolon": ("；", "; "),
    "open": ("（", " ("),
    "close": ("）", ")"),
    "withdrawn": ("〔已撤下〕", "[withdrawn] "),
    "latest": ("最新公开", "latest disclosures"),
    "attachment_list": ("附件、数据和正文的全部文件", "All files: attachments, data and text"),
}


def word(key: str, language: str) -> str:
    """One of the fixed words; `language` is a site's (``zh-CN`` or ``en``). KeyError if unknown."""
    return _WORDS[key][1 if language.startswith("en") else 0]


def label_text(label: Label, language: str) -> str:
    """A kind's label in the site's language, else in the other one."""
    if language.startswith("en"):
        return label.get("en") or label.get("zh", "")
    return label.get("zh") or label.get("en", "")
