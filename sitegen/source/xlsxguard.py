"""What an XLSX file is, before its values are read: a look at the ZIP and at the XML of one sheet.

The reader of the values (calamine) may end the process on hostile or damaged files, so everything
that it will unpack is checked here first: the format, the unpacked sizes, that the archive is
whole, document type definitions, and how far the cells of the sheet reach. On the way the cells
are found whose values cannot be had: errors, and formulas without a saved result.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from sitegen.problems import Location, Problem
from sitegen.source import codes
from sitegen.source.tables import a1

MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 5000
MAX_CELLS = 3_000_000
"""Rows times columns of one sheet."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


class RefusedError(Exception):
    """The workbook cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(slots=True)
class SheetScan:
    """What the XML of a sheet says: its extent, and the cells without a usable value."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)


def open_archive(data: bytes, path: str) -> zipfile.ZipFile:
    """The ZIP archive of a workbook, all of whose XML parts can safely be unpacked.

    Raises RefusedError.
    """
    where = Location(path)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError(codes.XLSX_ENCRYPTED.at(where))
        suffix = posixpath.splitext(path)[1].lower()
        shown = suffix if suffix in (".et", ".doc", ".wps") else ".xls"
        raise RefusedError(codes.XLSX_OTHER_FORMAT.at(where, format=shown))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        _check_parts(parts, where)
        names = {part.filename for part in parts}
        if _WORKBOOK not in names:
            raise RefusedError(_other_format(archive, names, where))
        for part in parts:
            # Reading to the end verifies the checksum and the stated size.
            is_xml = part.filename.casefold().endswith((".xml", ".rels"))
            if is_xml and b"<!DOCTYPE" in archive.read(part):
                raise RefusedError(codes.XLSX_ENTITY.at(where))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        if "encrypted" in str(error) or "password" in str(error):
            raise RefusedError(codes.XLSX_ENCRYPTED.at(where)) from error
        code = codes.XLSX_DAMAGED if data.startswith(b"PK") else codes.XLSX_NOT_ZIP
        raise RefusedError(code.at(where)) from error
    return archive


def sheet_parts(archive: zipfile.ZipFile, path: str) -> Mapping[str, str]:
    """The part of the archive that holds each sheet, by the sheet's name. Raises RefusedError."""
    relations: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and "Id" in attributes:
            if attributes["Id"] in relations:
                raise _damaged(path)
            relations[attributes["Id"]] = attributes.get("Target", "")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            identity = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            if attributes.get("name", "") in sheets:
                raise _damaged(path)
            sheets[attributes.get("name", "")] = identity

    _parse(_parser(relation), archive, _RELATIONS, path)
    _parse(_parser(sheet), archive, _WORKBOOK, path)
    names = set(archive.namelist())
    found = {}
    for name, identity in sheets.items():
        target = relations.get(identity, "")
        part = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if part in names:
            found[name] = part
    return found


def scan_sheet(archive: zipfile.ZipFile, part: str, path: str, sheet: str) -> SheetScan:
    """Look at every cell of a sheet's XML. Raises RefusedError when its cells reach too far."""
    scan = SheetScan()
    rows = columns = 0
    row = column = -1
    in_cell = in_value = has_formula = False
    sort = value = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal rows, columns, row, column, in_cell, in_value, has_formula, sort, value
        if ":" in name:
            name = _local(name)
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                letters = reference.rstrip("0123456789")
                column = _column(letters)
                row = int(reference[len(letters) :]) - 1
                if row < 0 or column < 0:
                    raise _damaged(path)
            in_cell, has_formula, value = True, False, ""
            sort = attributes.get("t", "")
            if sort == "e":
                parser.CharacterDataHandler = text
        elif name == "v" or name == "is":
            # Cells that have only a format do not count.
            in_value = name == "v"
            if row >= rows:
                rows = row + 1
            if column >= columns:
                columns = column + 1
        elif name == "row":
            number = attributes.get("r")
            row = row + 1 if number is None else int(number) - 1
            column = -1
        elif name == "f" and in_cell:
            has_formula = True
            parser.CharacterDataHandler = text

    def text(content: str) -> None:
        nonlocal value
        if in_value:
            value += content

    def end(name: str) -> None:
        nonlocal in_cell, in_value
        if ":" in name:
            name = _local(name)
        if name == "v":
            in_value = False
        elif name == "c":
            in_cell = False
            if sort == "e":
                scan.errors[row, column] = value.strip() or "#N/A"
            elif has_formula and sort != "str" and not value.strip():
                scan.uncalculated.append((row, column))
            parser.CharacterDataHandler = None

    parser = _parser(start)
    parser.EndElementHandler = end
    _parse(parser, archive, part, path)
    if rows * columns > MAX_CELLS:
        where = Location(path, sheet=sheet, cell=a1(rows - 1, columns - 1))
        raise RefusedError(codes.XLSX_FAR_CELL.at(where, rows=rows, columns=columns))
    return scan


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    return parser


def _parse(parser: expat.XMLParserType, archive: zipfile.ZipFile, part: str, path: str) -> None:
    """Feed a part to a parser. Raises RefusedError if it is no XML or not as it should be."""
    try:
        parser.Parse(archive.read(part), True)
    except (expat.ExpatError, KeyError, ValueError, LookupError) as error:
        raise _damaged(path) from error


def _damaged(path: str) -> RefusedError:
    return RefusedError(codes.XLSX_DAMAGED.at(Location(path)))


def _local(name: str) -> str:
    """The name of an element without its namespace prefix."""
    return name.rpartition(":")[2]


@lru_cache(maxsize=2000)
def _column(letters: str) -> int:
    """The place (from 0) of a column; -1 if it has no such name."""
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        return -1
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


def _check_parts(parts: list[zipfile.ZipInfo], where: Location) -> None:
    """Refuse an archive that would unpack to too much, or whose parts are ambiguous."""
    if len(parts) > MAX_PARTS:
        raise RefusedError(codes.XLSX_TOO_LARGE.at(where, reason=f"{len(parts)} parts"))
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED:
        reason = f"{total // 1024 // 1024} MB"
        raise RefusedError(codes.XLSX_TOO_LARGE.at(where, reason=reason))
    seen: set[str] = set()
    for part in parts:
        if part.flag_bits & 1:
            raise RefusedError(codes.XLSX_ENCRYPTED.at(where))
        if part.file_size > 1024 * 1024 and part.file_size > part.compress_size * MAX_RATIO:
            reason = f"{part.file_size // 1024 // 1024} MB"
            raise RefusedError(codes.XLSX_TOO_LARGE.at(where, reason=reason))
        # Readers differ in which of two equal names they take, and in how they treat backslashes.
        name = part.filename.casefold()
        if name in seen or "\\" in part.orig_filename:
            raise RefusedError(codes.XLSX_DAMAGED.at(where))
        seen.add(name)


def _other_format(archive: zipfile.ZipFile, names: set[str], where: Location) -> Problem:
    """The problem of a ZIP archive that is no XLSX workbook."""
    if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
        suffix = posixpath.splitext(where.path)[1].lower()
        return codes.XLSX_OTHER_FORMAT.at(where, format=suffix if suffix != ".xlsx" else ".ods")
    if "xl/workbook.bin" in names:
        return codes.XLSX_OTHER_FORMAT.at(where, format=".xlsb")
    if "word/document.xml" in names:
        return codes.XLSX_OTHER_FORMAT.at(where, format=".docx")
    return codes.XLSX_NOT_ZIP.at(where)
