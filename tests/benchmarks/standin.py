"""A site generator of fifty lines, so that the comparison runs without any of the real ones."""

from __future__ import annotations

import html
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import yaml

SIZE = 20
site = Path.cwd()
content, output = site / "content", site / "public"
layout = (site / "layout.html").read_text(encoding="utf-8")
broken = sys.argv[1:] == ["broken"]


def write(address: str, text: str) -> None:
    target = output / address
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(layout.replace("MAIN", f"<main>{text}</main>"), encoding="utf-8")


def shown(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<p>{shown(key)} {shown(part)}</p>" for key, part in value.items())
    if isinstance(value, list):
        return "".join(f"<i>{shown(part)}</i>" for part in value)
    return html.escape(str(value))


lists: dict[str, list[str]] = defaultdict(list)
for file in content.rglob("*.md"):
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    meta = yaml.load(head, yaml.CBaseLoader)
    if broken:
        meta.pop("tables", None)
    write(file.relative_to(content).with_suffix(".html").as_posix(), shown(meta) + shown(body))
    for name in (f"{meta['category']}/index", *(f"tags/{tag}" for tag in meta["tags"])):
        lists[name].append(f"{meta['date']} {meta['title']}")
for file in content.rglob("*.pdf"):
    (output / file.relative_to(content)).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, output / file.relative_to(content))
for name, titles in lists.items():
    titles.sort(reverse=True)
    for start in range(0, len(titles), SIZE):
        write(f"{name}{start or ''}.html", shown(titles[start : start + SIZE]))
for name in ("index", "tags", *(site / "holders").read_text(encoding="utf-8").split()):
    write(f"{name}.html", "")
for name in ("sitemap.xml", "feed.xml"):
    (output / name).write_text("<x/>", encoding="utf-8")
