"""Beginning a document: a commented file with what is known, and room for what is not.

    start, problem = begin(frame, "通知", "tzgg/2026/tingshui")
    value, problem = read_answer(start, field, "关于停水的通知")
    new = write_down(start, values, today)

What must still be filled in keeps the document a draft, so that it builds and is not published.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sitegen.authoring import codes
from sitegen.authoring.forms import Form, Forms
from sitegen.authoring.layout import BODY, scalar
from sitegen.authoring.schemafiles import modeline
from sitegen.kinds.fields import CONTENT, parse, text_of
from sitegen.kinds.kind import Field, Kind, TableKind
from sitegen.kinds.scalars import listed
from sitegen.making.frame import Frame
from sitegen.problems import Location, Problem, has_errors
from sitegen.site.placing import stem_of
from sitegen.site.slugs import legal, propose, reserved
from sitegen.site.sources import is_document
from sitegen.source import nodes
from sitegen.source.tree import Tree

BODY_KEY = "body"
"""The text of a document, among the values."""

_OFFERED = (
    "doc_no", "effective_on", "summary", "topic", "genre", "keywords", "responsible", "attachments",
)  # fmt: skip
"""Common fields that every new file shows, beside the required ones."""

_SEVERAL = re.compile(r"\s*[;；\n]\s*")
_MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Start:
    """A document about to be written. `path` is relative to ``content/``, with its ending."""

    path: str
    kind: Kind
    form: Form
    frame: Frame
    slug: str = ""
    """Needed because the file's name cannot stand in an address."""


@dataclass(frozen=True, slots=True)
class New:
    """A document written down: its files by path below ``content/``, the document first."""

    files: Mapping[str, bytes]
    unfilled: tuple[str, ...] = ()
    """Titles of what must still be filled in."""
    values: Mapping[str, str] = field(default_factory=dict)


def begin(frame: Frame, word: str, path: str) -> tuple[Start | None, Problem | None]:
    """Begin a document of the kind that `word` names, or of the column's when it is empty.

    `path` is relative to ``content/``; its ending may be left out. KeyError: no such kind.
    """
    forms = Forms(frame)
    kind = forms.kind_named(word or forms.default_kind(path))
    if kind is None:
        raise KeyError(word)
    stem = path.rpartition("/")[2]
    if not path.endswith((".md", ".yaml")):
        if "." in stem or not stem:
            return None, codes.NOT_A_DOCUMENT_NAME.at(Location(CONTENT + path), path=path)
        path += ".yaml" if kind.tables else ".md"
    where = Location(CONTENT + path)
    columns = {column.path for column in frame.columns}
    if not is_document(path) or not stem_of(path) or path.rpartition(".")[0] in columns:
        return None, codes.NOT_A_DOCUMENT_NAME.at(where, path=path)
    for twin in (path, path.rpartition(".")[0] + ".md", path.rpartition(".")[0] + ".yaml"):
        if twin in frame.tree or (frame.tree.root / twin).exists():
            return None, codes.ALREADY_THERE.at(where, path=CONTENT + twin)
    folder = path.rpartition("/")[0]
    while folder and folder not in columns:
        above, _, name = folder.rpartition("/")
        if not legal(name.lower()):
            return None, codes.FOLDER_NAME.at(where, name=name, proposal=propose(name))
        folder = above
    name, at_root = stem_of(path).lower(), "/" not in path
    slug = "" if legal(name) else propose(name)
    if reserved(slug or name, at_root=at_root):
        slug = (slug or name) + "-1"
    return Start(path, kind, forms.of_kind(kind), frame, slug), None


def field_of(start: Start, key: str) -> Field | Problem:
    """The field that a key means."""
    if key in BODY:
        return Field(BODY_KEY, {"zh": "正文", "en": "Body"}, "text")
    place = start.form.record.place_of(key)
    if place is None:
        known = listed(reader.title for reader in start.form.record.readers)
        title = start.kind.title.get("zh", start.kind.name)
        return codes.NO_SUCH_FIELD.at(None, kind=title, key=key, known=known)
    return start.form.record.readers[place].field


def read_answer(start: Start, field: Field, text: str) -> tuple[str, Problem | None]:
    """A value as the file will hold it, or what is wrong with the text given for it."""
    if field.type == "object" or (field.item is not None and field.item.type == "object"):
        return "", codes.NOT_SETTABLE.at(None, title=field.title.get("zh", field.name))
    parts = [part for part in _SEVERAL.split(text.strip()) if part]
    node: nodes.Node = nodes.Scalar(text.strip(), 1, 1)
    if field.type == "list":
        node = nodes.Sequence(tuple(nodes.Scalar(part, 1, 1) for part in parts), 1, 1)
    value, problems = parse(field, node, start.path)
    if has_errors(problems):
        problem = next(problem for problem in problems if has_errors((problem,)))
        return "", Problem(problem.code, problem.severity, None, problem.values)
    if value is None or field.name == BODY_KEY:
        return text.strip(), None
    if field.type == "list":
        return "[" + ", ".join(scalar(part, flow=True) for part in parts) + "]", None
    if field.type in ("enum", "boolean", "reference", "file"):
        return scalar(text.strip()), None
    return scalar(text_of(field, value)), None


def defaults(start: Start, today: datetime.date) -> dict[str, str]:
    """What is known without asking: dates, the issuer, the next index number."""
    values = {"published_on": str(today), "formed_on": str(today)}
    if sponsor := start.frame.settings.identity.sponsor:
        values["issuer"] = scalar(sponsor)
    return values


def required(start: Start) -> list[Field]:
    """The fields that must have a value, in the order of the form."""
    fields = [reader.field for reader in start.form.record.readers]
    return [field for field in fields if field.constraints.required]


def next_index_no(tree: Tree, uscc: str, year: int) -> str:
    """The next 索引号 of a year, over everything that the documents say; "" without a code."""
    if not uscc:
        return ""
    pattern = re.compile(re.escape(f"{uscc}/{year}-").encode() + rb"([0-9]{5,6})(?![0-9])")
    numbers = [
        int(found)
        for file in tree
        if is_document(file.path)
        for found in pattern.findall(tree.read(file.path))
    ]
    return f"{uscc}/{year}-{max(numbers, default=0) + 1:05d}"


def write_down(
    start: Start, values: Mapping[str, str], today: datetime.date, *, as_csv: bool = False
) -> New:
    """The text of the document; with `as_csv` its tables are files with a heading each.

    `values` are those of `read_answer`, by field name; the rest is default, or left open.
    """
    values = {**defaults(start, today), **values}
    year = values["formed_on"][:4]
    uscc = start.frame.settings.identity.uscc
    if "index_no" not in values and year.isdigit():
        number = next_index_no(start.frame.tree, uscc, int(year))
        values |= {"index_no": number} if number else {}
    if start.slug and "slug" not in values:
        values["slug"] = start.slug
    body = values.pop(BODY_KEY, "")
    markdown = start.path.endswith(".md")
    unfilled = _open(start, values, body)
    lines = [
        modeline(start.path, start.kind.name),
        f"# {_title(start.kind.title, start.kind.name)}。井号后面是说明，可以删去；",
        "# 要填写以井号开头的某一项，先删去行首的井号和空格。",
    ]
    if unfilled and "draft" not in values:
        lines.append("草稿: 是  # 填好标有“必填”的各项以后，删去这一行，才会公开")
    for reader in start.form.record.readers:
        lines += _field_lines(start, reader.field, values)
    files: dict[str, bytes] = {start.path: b""}
    for table in start.kind.tables:
        if as_csv:
            name = f"{table.name.replace('_', '-')}.csv"
            files[f"{start.path.rpartition('.')[0]}/{name}"] = _csv(table)
            lines += ["", f"{_title(table.title, table.name)}: {name}"]
        else:
            lines += ["", *_table_lines(table)]
    if markdown:
        text = "\n".join(("---", *lines, "---", "", body or "", ""))
    else:
        text = "\n".join((*lines, "", *_body_lines(body), ""))
    files[start.path] = text.encode()
    return New(files, tuple(unfilled), values)


def _open(start: Start, values: Mapping[str, str], body: str) -> list[str]:
    """What must still be filled in."""
    titles = [
        _title(field.title, field.name) for field in required(start) if not values.get(field.name)
    ]
    titles += [_title(table.title, table.name) for table in start.kind.tables if table.required]
    if not start.kind.tables and not body and start.path.endswith(".md"):
        titles.append("正文")
    return titles


def _field_lines(start: Start, field: Field, values: Mapping[str, str]) -> list[str]:
    title = _title(field.title, field.name)
    if field.name == "kind":
        return [f"{title}: {scalar(_title(start.kind.title, start.kind.name))}"]
    if value := values.get(field.name):
        return [f"{title}: {value}"]
    if field.name == "draft":
        return []
    wanted = field.constraints.required
    own = {each.name for each in start.kind.fields}
    if not (wanted or field.name in own or field.name in _OFFERED):
        return []
    lines = [f"{title}:  # {_note(field)}"]
    if field.type == "object":
        lines += [f"  {_title(part.title, part.name)}:  # {_note(part)}" for part in field.fields]
    return lines if wanted else [f"# {line}" for line in lines]


def _note(field: Field) -> str:
    """What to write in a field, on one line."""
    item = field.item if field.type == "list" and field.item is not None else field
    notes = ["必填。"] if field.constraints.required else []
    if text := field.description.get("zh", ""):
        notes.append(" ".join(text.split()).rstrip("。") + "。")
    choices = [
        item.labels.get(code, {}).get("zh") or code
        for code in (item.constraints.enum or tuple(item.labels))
    ]
    if choices and len(choices) <= _MOST_CHOICES:
        notes.append(f"可选：{'、'.join(choices)}。")
    shape = {
        "date": "日期，如 2026-03-01。",
        "yearmonth": "年月，如 2026-03。",
        "year": "年份，如 2026。",
        "boolean": "写“是”或“否”。",
        "integer": "整数。",
        "number": "数字。",
        "file": "文件名，放在与本文件同名的文件夹里。",
        "reference": "源文件的路径，如 ../gonggao/2026-03.md。",
    }.get(item.type, "")
    if shape and "如 " not in text:
        notes.append(shape)
    if field.type == "list":
        notes.append("多项写成 [甲, 乙]。")
    if field.unit:
        notes.append(f"单位：{field.unit}。")
    return "".join(notes) or "可不填。"


def _table_lines(table: TableKind) -> list[str]:
    """A table with one empty row to fill in."""
    title = _title(table.title, table.name)
    file = f"{table.name.replace('_', '-')}.csv"
    wanted = "必填。" if table.required else ""
    lines = [
        f"{title}:  # {wanted}每行数据一组，照样往下添；也可以只写数据文件名，如 {title}: {file}"
    ]
    cells = [
        (_title(each.title, each.name), _note(each), each.constraints.required)
        for each in table.fields
    ]
    cells.sort(key=lambda cell: not cell[2])  # what is required first: it opens the row
    for place, (name, note, needed) in enumerate(cells):
        if place == 0:
            lines.append(f"  - {scalar(name)}:  # {note}")
        else:
            lines.append(f"    {'' if needed else '# '}{scalar(name)}:  # {note}")
    return lines if table.required else [f"# {line}" for line in lines]


def _body_lines(body: str) -> Sequence[str]:
    if not body:
        return ["# 正文: |", "#   正文用 Markdown 书写，每行前面空两格。"]
    return ["正文: |", *(f"  {line}" if line else "" for line in body.split("\n"))]


def _csv(table: TableKind) -> bytes:
    """The headings of a table, as spreadsheets open them best."""
    titles = [_title(each.title, each.name) for each in table.fields]
    cells = [f'"{title}"' if set(title) & {",", '"'} else title for title in titles]
    return ("\ufeff" + ",".join(cells) + "\r\n").encode()


def _title(label: Mapping[str, str], name: str) -> str:
    return label.get("zh") or name
