"""The XLSX package: sheets of ready-made rows, in a fixed set of styles, to bytes.

Our own, because a library costs ten times as much for the small tables that most documents hold,
and because the parts must be stored: what deflate makes of them differs between versions of zlib.
The parts are those of ECMA-376 that a workbook must have; spreadsheets and libraries fill in the
rest.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.outputs import stored
from sitegen.outputs.cleaning import xml

TEXT, WRAPPED, HEADER, LABEL, DATE, PLAIN, WHOLE = range(1, 8)
"""Styles: texts, long texts, a table's header, labels, dates, numbers such as years, integers."""
MOST_DECIMALS = 9
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MODE = 0o600


def number_style(decimals: int) -> int:
    """The style of a number with so many decimals, 0 to `MOST_DECIMALS`."""
    return WHOLE + decimals


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet. `rows` are complete ``<row>`` elements, from row 1 on.

    `name` is a legal one: 1 to 31 characters, none of ``[]:*?/\\``, unlike the other sheets'.
    """

    name: str
    rows: Sequence[str]
    widths: Sequence[float]
    """Of the columns, in digits."""
    table: bool = False
    """Row 1 is a header: it stays in view, is printed on every page and filters the rows."""

    @property
    def corner(self) -> str:
        """The last cell: ``J111``."""
        return f"{letters(max(len(self.widths) - 1, 0))}{max(len(self.rows), 1)}"


def workbook_bytes(
    sheets: Sequence[Sheet], title: str, author: str, created: datetime.date
) -> bytes:
    """The workbook; the same sheets give the same bytes everywhere."""
    count = len(sheets)
    types, root, relations, styles = _fixed(count)
    parts = [
        types,
        root,
        _part("docProps/core.xml", _properties(title, author, created)),
        _part("xl/workbook.xml", _workbook(sheets)),
        relations,
        styles,
    ]
    for number, sheet in enumerate(sheets, 1):
        parts.append(_part(f"xl/worksheets/sheet{number}.xml", _sheet(sheet, first=number == 1)))
    return stored.zip_of(parts, stored.DOS, _MODE)


def _part(name: str, text: str) -> stored.Part:
    return stored.part(name, text.encode(), stored.DOS, _MODE)


@functools.cache
def _fixed(sheets: int) -> tuple[stored.Part, ...]:
    """The parts that all workbooks with so many sheets have alike."""
    return (
        _part("[Content_Types].xml", _content_types(sheets)),
        _part("_rels/.rels", _ROOT_RELATIONS),
        _part("xl/_rels/workbook.xml.rels", _workbook_relations(sheets)),
        _part("xl/styles.xml", _styles()),
    )


@functools.cache
def letters(place: int) -> str:
    """The letters of a column, from 0: A … Z, AA …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet(sheet: Sheet, first: bool) -> str:
    selected = ' tabSelected="1"' if first else ""
    pane = ""
    if sheet.table:
        pane = (
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '<selection pane="bottomLeft"/>'
        )
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:.2f}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, 1)
    )
    return "".join(
        (
            f'{_HEAD}<worksheet xmlns="{_MAIN}">',
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            f'<dimension ref="A1:{sheet.corner}"/>',
            f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>',
            '<sheetFormatPr defaultRowHeight="15"/>',
            f"<cols>{columns}</cols>" if columns else "",
            "<sheetData>",
            *sheet.rows,
            "</sheetData>",
            f'<autoFilter ref="A1:{sheet.corner}"/>' if sheet.table and sheet.widths else "",
            '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3"'
            ' footer="0.3"/>',
            '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>',
            "</worksheet>",
        )
    )


def _workbook(sheets: Sequence[Sheet]) -> str:
    listed, filters, titles = "", "", ""
    for number, sheet in enumerate(sheets, 1):
        listed += f'<sheet name="{xml(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        if sheet.table and sheet.widths:
            quoted = xml("'" + sheet.name.replace("'", "''") + "'")
            last = sheet.corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            corner = f"${letters(len(sheet.widths) - 1)}${last}"
            place = f'localSheetId="{number - 1}"'
            filters += (
                f'<definedName name="_xlnm._FilterDatabase" {place} hidden="1">'
                f"{quoted}!$A$1:{corner}</definedName>"
            )
            titles += f'<definedName name="_xlnm.Print_Titles" {place}>{quoted}!$1:$1</definedName>'
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000"'
        f' windowHeight="12000"/></bookViews><sheets>{listed}</sheets>'
        + (f"<definedNames>{filters}{titles}</definedNames>" if filters else "")
        + "</workbook>"
    )


def _properties(title: str, author: str, created: datetime.date) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml(title)}</dc:title><dc:creator>{xml(author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created.isoformat()}T00:00:00Z'
        "</dcterms:created></cp:coreProperties>"
    )


def _content_types(sheets: int) -> str:
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_OFFICE}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f"{listed}"
        f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        "</Types>"
    )


_ROOT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)


def _workbook_relations(sheets: int) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
        "</Relationships>"
    )


def _styles() -> str:
    """The styles in the order of their numbers: default, then `TEXT` and so on."""
    formats = {164: "yyyy-mm-dd", 165: "#,##0.0"}
    formats |= {163 + decimals: "#,##0." + "0" * decimals for decimals in range(3, 10)}
    of_decimals = [3, 165, 4, *range(166, 163 + MOST_DECIMALS + 1)]  # 3 and 4 are built in
    top, wrap = '<alignment vertical="top"/>', '<alignment vertical="top" wrapText="1"/>'
    middle = '<alignment vertical="center" wrapText="1"/>'
    cells = [
        _cell_style(49, top),
        _cell_style(49, wrap),
        _cell_style(49, middle, font=1, fill=2, border=1),
        _cell_style(49, top, font=1, fill=2),
        _cell_style(164, top),
        _cell_style(1, top),
        *(_cell_style(number, top) for number in of_decimals),
    ]
    listed = "".join(f'<numFmt numFmtId="{n}" formatCode="{f}"/>' for n, f in formats.items())
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    fill = '<fgColor rgb="FFE8EDF4"/><bgColor indexed="64"/>'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="{len(formats)}">{listed}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        f'<fill><patternFill patternType="solid">{fill}</patternFill></fill></fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>'
        '<left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border>'
        '</borders><cellStyleXfs count="1">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells) + 1}">'
        f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _cell_style(number: int, alignment: str, font: int = 0, fill: int = 0, border: int = 0) -> str:
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        f' applyNumberFormat="1" applyFont="{min(font, 1)}" applyFill="{min(fill, 1)}"'
        f' applyBorder="{border}" applyAlignment="1">{alignment}</xf>'
    )
