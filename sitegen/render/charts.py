"""Charts as plain SVG, made from a table that stands beside them.

No style attributes, no scripts: the theme's style sheet colours them. A chart repeats what the
table says; for those who cannot see it, its description names the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from sitegen.kinds.document import Table
from sitegen.kinds.kind import Field
from sitegen.render.values import number_text
from sitegen.render.words import Words

_ROW = 52
_BAR = 340
_WIDTH = 460


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, and the SVG with a title and a description of its own."""

    title: str
    svg: Markup


def spending_chart(table: Table, words: Words) -> Chart | None:
    """Bars of spending by 类 (three-digit 支出功能分类 codes); None where it would say nothing.

    Takes the first amount column of a table that has a function code and a name.
    """
    fields = table.kind.fields
    code = _place(fields, lambda each: each.name == "func_code")
    name = _place(fields, lambda each: each.name == "func_name")
    amount = _place(
        fields, lambda each: each.type == "number" and each.name == "total" and not each.private
    )
    if code is None or name is None or amount is None:
        return None
    bars = [
        (str(row[name]), value)
        for row in table.rows
        if isinstance(row[code], str)
        and len(str(row[code])) == 3
        and isinstance(value := row[amount], Decimal)
        and value > 0
    ]
    if len(bars) < 2:
        return None
    bars.sort(key=lambda bar: (-bar[1], bar[0]))
    title = words("Spending by category")
    unit = fields[amount].unit or table.kind.unit or ""
    return Chart(title, _bars(bars, title, unit, table.kind.name, fields[amount].scale, words))


def _place(fields: tuple[Field, ...], wanted: Callable[[Field], bool]) -> int | None:
    return next((place for place, each in enumerate(fields) if wanted(each)), None)


def _bars(
    bars: list[tuple[str, Decimal]],
    title: str,
    unit: str,
    name: str,
    scale: int | None,
    words: Words,
) -> Markup:
    most = bars[0][1]
    identifier = "chart-" + name.replace("_", "-")
    lines = []
    for place, (label, value) in enumerate(bars):
        top = place * _ROW
        # Lengths are rounded to whole units, so that the same figures give the same drawing.
        length = max(2, int((value / most * _BAR).to_integral_value()))
        lines.append(
            Markup(
                '<text x="0" y="{}">{}</text><rect x="0" y="{}" width="{}" height="16"/>'
                '<text class="value" x="{}" y="{}">{}</text>'
            ).format(
                *(top + 17, label, top + 25, length),
                *(length + 8, top + 39, number_text(value, scale)),
            )
        )
    described = words("A bar chart; the table below holds the same figures.")
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title>'
        '<desc id="{id}-d">{described}</desc>{lines}</svg>'
    ).format(
        width=_WIDTH,
        height=len(bars) * _ROW + 4,
        id=identifier,
        title=f"{title} {words('({note})').format(note=unit)}" if unit else title,
        described=described,
        lines=Markup().join(lines),
    )
