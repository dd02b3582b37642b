"""A generated budget: twelve tables of 50 to 300 rows in all, whose sums hold to the last digit."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpuswords import Words

_CLASSES = {
    "201": "一般公共服务支出",
    "206": "科学技术支出",
    "208": "社会保障和就业支出",
    "211": "节能环保支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "214": "交通运输支出",
    "221": "住房保障支出",
}
_ECONOMIC = {
    "301": ("工资福利支出", (("30101", "基本工资"), ("30102", "津贴补贴"), ("30103", "奖金"))),
    "302": ("商品和服务支出", (("30201", "办公费"), ("30202", "印刷费"), ("30206", "电费"))),
}
_NUMERALS = "一二三四五六七八九"
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Item:
    """One 项 of the functional classification; amounts in hundredths of 万元."""

    code: str
    name: str
    personnel: int
    public: int
    project: int

    @property
    def basic(self) -> int:
        return self.personnel + self.public

    @property
    def total(self) -> int:
        return self.basic + self.project


def budget(words: Words, organisation: str, published: str, year: int) -> str:
    """The kind's own fields, the tables and the explanation, as YAML."""
    items = _items(words, words.random.randrange(5, 56))
    total = sum(item.total for item in items)
    public = sum(item.public for item in items)
    projects = [
        (f"{words.clause()}（{place}）", item.project, f"{year}{place:06d}")
        for place, item in enumerate(items, 1)
        if item.project
    ]
    replied = datetime.date.fromisoformat(published) - datetime.timedelta(days=7)
    tables = {
        "收支总表": _summary(items, total),
        "收入总表": _income(organisation, total),
        "支出总表": _by_code(items, _EXPENSE),
        "财政拨款收支总表": _fiscal(items, total),
        "一般公共预算支出表": _by_code(items, _GENERAL),
        "一般公共预算基本支出表": _basic(items, public),
        "一般公共预算“三公”经费支出表": _three_public(),
        "项目支出表": [
            {
                "项目类别": "特定目标类",
                "项目编码": code,
                "项目名称": name,
                "项目单位": organisation,
                "合计": _money(amount),
                "一般公共预算": _money(amount),
            }
            for name, amount, code in projects
        ],
        "项目支出绩效目标表": [
            {
                "项目名称": name,
                "实施单位": organisation,
                "主管部门": organisation,
                "资金总额": _money(amount),
                "财政拨款": _money(amount),
                "其他资金": _money(0),
                "年度总体目标": words.sentence(),
            }
            for name, amount, _ in projects[:3]
        ],
        "项目支出绩效指标表": [row for name, _, _ in projects[:3] for row in _indicators(name)],
    }
    lines = [
        f"预算年度: {year}",
        "公开层级: 单位",
        f"编制单位: {organisation}",
        f"批复日期: {replied}",
        "批复机关: 示范经济开发区财政局",
        f"机关运行经费: {_money(public)}",
        "表格:",
    ]
    for name, rows in tables.items():
        lines.append(f"  {name}:")
        lines += [f"    - {_flow(row)}" for row in rows]
    for name, what in (
        ("政府性基金预算支出表", "政府性基金预算"),
        ("国有资本经营预算支出表", "国有资本经营预算"),
    ):
        lines.append(
            f"  {name}: {{空表说明: 本单位{year}年没有使用{what}拨款安排的支出，故本表无数据。}}"
        )
    return "\n".join([*lines, "正文: |", *_explanation(words, total, public), ""])


def _items(words: Words, number: int) -> list[_Item]:
    items = []
    for place in range(number):
        head = list(_CLASSES)[place % len(_CLASSES)]
        turn = place // len(_CLASSES)
        code = f"{head}{90 + turn // 3:02d}{50 + turn % 3:02d}"
        name = f"{_CLASSES[head][:-2]}专门事务（{turn + 1}）"
        amount = words.random.randrange
        project = amount(1000, 90000) if place % 2 == 0 else 0
        items.append(_Item(code, name, amount(1000, 50000), amount(100, 9000), project))
    return sorted(items, key=lambda item: item.code)


def _money(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _flow(row: Row) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in row.items()) + "}"


Amounts = Sequence[tuple[str, Callable[[_Item], int]]]
_EXPENSE: Amounts = (
    ("合计", lambda item: item.total),
    ("基本支出", lambda item: item.basic),
    ("项目支出", lambda item: item.project),
)
_GENERAL: Amounts = (
    ("合计", lambda item: item.total),
    ("基本支出", lambda item: item.basic),
    ("人员经费", lambda item: item.personnel),
    ("公用经费", lambda item: item.public),
    ("项目支出", lambda item: item.project),
)


def _by_code(items: Sequence[_Item], amounts: Amounts) -> list[Row]:
    """A row for the total, and one for each 类, 款 and 项."""

    def row(code: str, name: str, part: Sequence[_Item]) -> Row:
        sums = {title: _money(sum(of(item) for item in part)) for title, of in amounts}
        return {"科目编码": code, **({"科目名称": name} if name else {}), **sums}

    rows = [row("合计", "", items)]
    for head, part in _groups(items, 3):
        rows.append(row(head, _CLASSES[head], part))
        for middle, inner in _groups(part, 5):
            rows.append(row(middle, f"{_CLASSES[head][:-2]}专门事务（第{middle[3:]}组）", inner))
            rows += [row(item.code, item.name, [item]) for item in inner]
    return rows


def _groups(items: Sequence[_Item], digits: int) -> Iterable[tuple[str, list[_Item]]]:
    groups: dict[str, list[_Item]] = {}
    for item in items:
        groups.setdefault(item.code[:digits], []).append(item)
    return groups.items()


def _summary(items: Sequence[_Item], total: int) -> list[Row]:
    income = [
        ("一、一般公共预算拨款收入", total), ("二、政府性基金预算拨款收入", 0),
        ("三、国有资本经营预算拨款收入", 0), ("四、财政专户管理资金收入", 0), ("五、事业收入", 0),
        ("六、事业单位经营收入", 0), ("七、上级补助收入", 0), ("八、附属单位上缴收入", 0),
        ("九、其他收入", 0), ("本年收入合计", total), ("使用非财政拨款结余", 0), ("上年结转", 0),
        ("收入总计", total),
    ]  # fmt: skip
    rows: list[Row] = [
        {"收支": "收入", "行次": place, "项目": name, "预算数": _money(amount)}
        for place, (name, amount) in enumerate(income, 1)
    ]
    place = 0
    for place, (head, part) in enumerate(_groups(items, 3), 1):
        amount = _money(sum(item.total for item in part))
        name = f"{_NUMERALS[place - 1]}、{_CLASSES[head]}"
        rows.append(
            {"收支": "支出", "行次": place, "项目": name, "科目编码": head, "预算数": amount}
        )
    for further, (name, value) in enumerate(
        (("本年支出合计", total), ("年终结转结余", 0), ("支出总计", total)), place + 1
    ):
        rows.append({"收支": "支出", "行次": further, "项目": name, "预算数": _money(value)})
    return rows


def _income(organisation: str, total: int) -> list[Row]:
    amounts = {
        "合计": _money(total),
        "上年结转小计": _money(0),
        "本年收入小计": _money(total),
        "一般公共预算拨款收入": _money(total),
        **dict.fromkeys(
            ("政府性基金预算拨款收入", "国有资本经营预算拨款收入", "财政专户管理资金收入",
             "事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入",
             "使用非财政拨款结余"),
            _money(0),
        ),
    }  # fmt: skip
    return [
        {"单位名称": "合计", **amounts},
        {"单位代码": 105001, "单位名称": organisation, **amounts},
    ]


def _fiscal(items: Sequence[_Item], total: int) -> list[Row]:
    income = [
        ("一、本年收入", total), ("（一）一般公共预算拨款", total), ("（二）政府性基金预算拨款", 0),
        ("（三）国有资本经营预算拨款", 0), ("二、上年结转", 0), ("（一）一般公共预算拨款", 0),
        ("（二）政府性基金预算拨款", 0), ("（三）国有资本经营预算拨款", 0), ("收入总计", total),
    ]  # fmt: skip
    rows: list[Row] = [
        {"收支": "收入", "行次": place, "项目": name, "合计": _money(amount)}
        for place, (name, amount) in enumerate(income, 1)
    ]

    def spent(place: int, name: str, amount: int, **code: str) -> Row:
        zero = _money(0)
        sums = {"合计": _money(amount), "一般公共预算": _money(amount)}
        others = {"政府性基金预算": zero, "国有资本经营预算": zero}
        return {"收支": "支出", "行次": place, "项目": name, **code, **sums, **others}

    rows.append(spent(1, "一、本年支出", total))
    place = 1
    for place, (head, part) in enumerate(_groups(items, 3), 2):
        name = f"（{_NUMERALS[place - 2]}）{_CLASSES[head]}"
        rows.append(spent(place, name, sum(item.total for item in part), 科目编码=head))
    rows += [spent(place + 1, "二、年终结转结余", 0), spent(place + 2, "支出总计", total)]
    return rows


def _basic(items: Sequence[_Item], public: int) -> list[Row]:
    personnel = sum(item.personnel for item in items)

    def row(code: str, name: str, people: int, running: int) -> Row:
        sums = {"合计": people + running, "人员经费": people, "公用经费": running}
        shown = {title: _money(amount) for title, amount in sums.items()}
        return {"科目编码": code, **({"科目名称": name} if name else {}), **shown}

    rows = [row("合计", "", personnel, public)]
    for head, amount, people in (("301", personnel, True), ("302", public, False)):
        name, parts = _ECONOMIC[head]
        rows.append(row(head, name, amount if people else 0, 0 if people else amount))
        for place, (code, title) in enumerate(parts):
            share = amount // 3 if place else amount - 2 * (amount // 3)
            rows.append(row(code, title, share if people else 0, 0 if people else share))
    return rows


def _three_public() -> list[Row]:
    names = (
        "因公出国（境）费",
        "公务用车购置及运行费",
        "公务用车购置费",
        "公务用车运行费",
        "公务接待费",
    )
    return [
        {"预算口径": year, "“三公”经费合计": "12.40"}
        | dict(zip(names, ("0.00", "11.00", "0.00", "11.00", "1.40")))
        for year in ("上年预算数", "本年预算数")
    ]


def _indicators(project: str) -> list[Row]:
    parts = (
        ("成本指标", "经济成本指标", "费用控制额"), ("产出指标", "数量指标", "完成数量"),
        ("产出指标", "时效指标", "完成时间"), ("效益指标", "社会效益指标", "受益人数"),
        ("满意度指标", "服务对象满意度指标", "群众满意度"),
    )  # fmt: skip
    return [
        {
            "项目名称": project,
            "一级指标": first,
            "二级指标": second,
            "三级指标": third,
            "计算符号": "≥",
            "指标值": 90,
            "计量单位": "项",
            "分值": 20,
        }
        for first, second, third in parts
    ]


def _explanation(words: Words, total: int, public: int) -> list[str]:
    sections = (
        ("主要职责", words.sentence()),
        ("机构设置", words.sentence()),
        ("收支总体情况", f"收支总预算{_money(total)}万元。{words.sentence()}"),
        ("“三公”经费情况", "“三公”经费预算12.40万元。"),
        ("机关运行经费", f"机关运行经费预算{_money(public)}万元。"),
        ("政府采购", words.sentence()),
        ("国有资产占用", words.sentence()),
        ("预算绩效", words.sentence()),
        ("名词解释", "1. 基本支出：为保障机构正常运转发生的支出。"),
    )
    return [line for title, text in sections for line in (f"  ## {title}", "", f"  {text}", "")]
