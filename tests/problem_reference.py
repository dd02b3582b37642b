"""docs/problems.md from the registry of problems: every code, its message and hint, both languages.

``make references`` runs this; a test holds what it would write against what is committed.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from itertools import groupby
from pathlib import Path

import sitegen
from sitegen.language import translator
from sitegen.problems import CODES, Code

PATH = Path(__file__).parent.parent / "docs" / "problems.md"

_ROOMS = {
    "S": ("Sources", "源文件"),
    "K": ("Kinds, fields and tables", "类型、字段和表格"),
    "A": ("The site as a whole", "整个网站"),
    "R": ("Text and theme", "正文和主题"),
    "O": ("Files for machines", "供程序读取的文件"),
    "C": ("Settings", "设置"),
    "H": ("History", "版本记录"),
    "B": ("Build", "生成"),
    "N": ("Writing content", "新建内容"),
    "P": ("Publishing", "发布"),
}
_SEVERITY = {"error": "错误", "warning": "警告", "notice": "提示"}
_HEAD = """\
# Problems 问题代码

Every problem that sitegen reports has a code that never changes. An **error** 错误 stops the build
and leaves the last good site as it is; a **warning** 警告 and a **notice** 提示 do not (notices are
shown with `--verbose`). Words in `{braces}` stand for what is found on the spot. A few problems
come with another severity where a kind says so.

This file is made by `make references`.
"""


def codes() -> dict[str, Code]:
    """All problems that any part of the program registers, by code."""
    for module in pkgutil.walk_packages(sitegen.__path__, "sitegen."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return dict(sorted(CODES.items()))


def text() -> str:
    """The whole file."""
    parts = [_HEAD]
    for letter, group in groupby(codes().values(), key=lambda code: code.id[0]):
        english, chinese = _ROOMS[letter]
        parts.append(f"## {letter} {english} {chinese}\n")
        parts += [_entry(code) for code in group]
    return "\n".join(parts)


def _entry(code: Code) -> str:
    _ = translator("zh-CN")
    severity = code.severity.value
    lines = [
        f"### {code.id} {severity} {_SEVERITY[severity]}\n",
        f"- {_escaped(_(code.message))}",
        *([f"  - → {_escaped(_(code.hint))}"] if code.hint else []),
        f"- {_escaped(code.message)}",
        *([f"  - → {_escaped(code.hint)}"] if code.hint else []),
    ]
    return "\n".join(lines) + "\n"


def _escaped(message: str) -> str:
    plain = message.replace("{{", "{").replace("}}", "}").replace("\n", " ")
    return re.sub(r"([*_<>|`\[\]\\])", r"\\\1", plain)


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
