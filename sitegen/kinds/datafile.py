"""Where the rows of a table come from: the options a document gives, and its data files."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.kinds import codes
from sitegen.kinds.fields import CONTENT, Reading, RecordReader
from sitegen.kinds.kind import Constraints, Field
from sitegen.kinds.scalars import document_folder, inside, listed
from sitegen.kinds.tabular import Rows, TableReader
from sitegen.problems import Location, Problem
from sitegen.source.codes import XLSX_NO_SHEET
from sitegen.source.csvfile import read_csv
from sitegen.source.nodes import Node, Scalar
from sitegen.source.tables import Grid, find_header

OpenFile = Callable[[str], "bytes | None"]
"""The bytes of a file by its path relative to ``content/``; None when there is no such file."""

ListFolder = Callable[[str], Iterable[str]]
"""The names of the files in a folder, for the hint at a missing one."""

_ENDINGS = (".csv", ".xlsx")
_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312")

OPTIONS = (
    Field("file", {"zh": "文件", "en": "File"}, "file", aliases=("数据文件", "文件名")),
    Field("sheet", {"zh": "工作表", "en": "Sheet"}, aliases=("表单",)),
    Field(
        "header",
        {"zh": "表头行", "en": "Header row"},
        "integer",
        constraints=Constraints(minimum="1", maximum="1000"),
        aliases=("标题行",),
    ),
    Field(
        "encoding",
        {"zh": "编码", "en": "Encoding"},
        "enum",
        constraints=Constraints(enum=_ENCODINGS),
    ),
    Field("empty", {"zh": "空表说明", "en": "Statement"}, "text", aliases=("空表",)),
)
"""What may be written under a table's name in place of its rows."""


@dataclass(slots=True)
class DataFiles:
    """The data files of one document; each sheet is read once."""

    open_file: OpenFile
    list_folder: ListFolder | None = None
    _grids: dict[tuple[str, str, str], Grid | None] = field(default_factory=dict)

    def rows(
        self, table: TableReader, options: Mapping[str, object], node: Node, reading: Reading
    ) -> tuple[Rows | None, str]:
        """The rows of a table from the file that its options name, and that file's path.

        `node` is what the document says of the table, for problems that have no better place.
        """
        written = str(options["file"])
        where = _place_of(reading, table, node)
        path, data = self._find(written, reading.path)
        if data is None:
            self._report_missing(table, written, where, reading)
            return None, path
        if not path.lower().endswith(_ENDINGS):
            problem = codes.DATA_FILE_TYPE.at(where, title=table.title, value=written)
            reading.problems.append(problem)
            return None, path
        sheet = str(options.get("sheet", ""))
        encoding = str(options.get("encoding", "")).replace("gbk", "gb18030")
        encoding = encoding.replace("gb2312", "gb18030")
        grid = self._grid(path, data, sheet, encoding, table, reading)
        if grid is None:
            return None, path
        row = options.get("header")
        header = find_header(
            grid, table.headings.spellings(), row if isinstance(row, int) else None
        )
        if header is None:
            known = listed(field.title.get("zh", field.name) for field in table.kind.fields)
            place = grid.location(0, 0)
            reading.problems.append(codes.NO_HEADER.at(place, title=table.title, known=known))
            return None, path
        return table.read_grid(grid, header, reading), path

    def _find(self, written: str, document: str) -> tuple[str, bytes | None]:
        first = ""
        for path in candidates(written, document):
            first = first or path
            data = self.open_file(path)
            if data is not None:
                return path, data
        return first, None

    def _grid(
        self,
        path: str,
        data: bytes,
        sheet: str,
        encoding: str,
        table: TableReader,
        reading: Reading,
    ) -> Grid | None:
        if path.lower().endswith(".csv"):
            key = (path, "", encoding)
            if key not in self._grids:
                self._grids[key], faults = read_csv(data, CONTENT + path, encoding or None)
                reading.problems += faults
                grid = self._grids[key]
                if grid is not None and not grid.encoding.startswith("utf-8"):
                    where = Location(CONTENT + path)
                    reading.problems.append(codes.READ_AS.at(where, encoding=grid.encoding.upper()))
            return self._grids[key]
        from sitegen.source.xlsxfile import read_xlsx  # late: most documents have no spreadsheet

        if not sheet:
            # The sheet named like the table, if the workbook has one; else the first visible one.
            key = (path, table.title, "")
            if key not in self._grids:
                self._grids[key], faults = read_xlsx(data, CONTENT + path, table.title)
                if self._grids[key] is None and _lacks_sheet(faults):
                    self._grids[key], faults = read_xlsx(data, CONTENT + path, None)
                reading.problems += faults
            return self._grids[key]
        key = (path, sheet, "")
        if key not in self._grids:
            self._grids[key], faults = read_xlsx(data, CONTENT + path, sheet)
            reading.problems += faults
        return self._grids[key]

    def _report_missing(
        self, table: TableReader, written: str, where: Location, reading: Reading
    ) -> None:
        if not any(candidates(written, reading.path)):
            problem = codes.OUTSIDE.at(where, title=table.title, value=written)
            reading.problems.append(problem)
            return
        folder = document_folder(reading.path)
        names: list[str] = []
        if self.list_folder is not None:
            near_by = (*self.list_folder(folder), *self.list_folder(posixpath.dirname(folder)))
            names = sorted({name for name in near_by if name.lower().endswith(_ENDINGS)})
        near = difflib.get_close_matches(posixpath.basename(written), names, 1, 0.4)
        if near:
            problem = codes.NEAR_DATA_FILE.at(where, title=table.title, value=written, near=near[0])
        else:
            values = {"value": written, "folder": CONTENT + folder}
            problem = codes.NO_DATA_FILE.at(where, None, title=table.title, **values)
        reading.problems.append(problem)


def candidates(written: str, document: str) -> Iterator[str]:
    """Where a file that a document names may be: its own folder, then the folder it stands in.

    `document` and the paths found are relative to ``content/``.
    """
    folder = document_folder(document)
    folders = ("",) if written.startswith("/") else (folder, posixpath.dirname(folder))
    for each in folders:
        path = inside(each, written)
        if path is not None:
            yield path


def options_record(others: Iterable[str] = ()) -> RecordReader:
    """The compiled options of a table; `others`: keys that may stand beside them."""
    return RecordReader(OPTIONS, others)


def _lacks_sheet(faults: Iterable[Problem]) -> bool:
    return any(fault.code == XLSX_NO_SHEET.id for fault in faults)


def _place_of(reading: Reading, table: TableReader, node: Node) -> Location:
    mark = reading.marks.get(f"{table.kind.name}.file")
    if mark is not None:
        return Location(CONTENT + reading.path, *mark)
    return reading.at(node)


def is_file_name(node: Node) -> bool:
    """Whether a text under a table's name can be the name of a data file."""
    return isinstance(node, Scalar) and "\n" not in node.text.strip() and "." in node.text
