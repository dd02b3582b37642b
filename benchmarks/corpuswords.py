"""Words, sentences and codes for generated documents: our own text, drawn by a given chance."""

from __future__ import annotations

import random
from collections.abc import Sequence

_PLACES = (
    "北片区",
    "南片区",
    "创新大道沿线",
    "产业园",
    "物流园",
    "安置小区",
    "工业邻里",
    "滨河地块",
)
_SUBJECTS = (
    "各有关单位", "牵头部门", "项目业主", "园区企业", "社区居民委员会", "窗口工作人员",
    "管理委员会", "承办科室", "行业协会", "施工单位",
)  # fmt: skip
_VERBS = (
    "核对", "完善", "推进", "公布", "汇总", "检查", "调整", "登记", "回访", "评估", "压减", "整理",
)  # fmt: skip
_THINGS = (
    "道路照明", "雨污分流工程", "企业用工需求", "厂房租金补贴", "安全生产台账", "绿化养护计划",
    "政务服务事项", "水电气接入流程", "停车泊位", "垃圾分类投放点", "青年公寓", "公共充电设施",
    "食堂卫生条件", "技能培训课程", "知识产权服务", "消防通道", "节能改造项目", "数据共享目录",
)  # fmt: skip
_ENDS = (
    "并在月底前报送结果", "按照年度计划分步完成", "遇到问题当日反馈", "逐项明确责任人和时限",
    "通过公示栏和网站同步公开", "较上年同期有所增加", "已经惠及一批中小企业", "由专人负责跟踪",
    "做到有记录、可查询", "接受社会监督",
)  # fmt: skip
_TOPICS = (
    "园区建设", "营商环境", "民生服务", "安全生产", "财政资金", "人才就业", "生态环境", "科技创新",
    "交通出行", "社会保障", "招商引资", "公共文化", "市场监管", "城市管理",
)  # fmt: skip
_SERVICES = (
    "占道施工登记", "厂房改造备案", "困难家庭认定", "用工补贴核定", "绿地临时使用登记",
    "排水接入确认",
    "公寓入住资格确认", "培训机构备案", "市政设施迁移登记", "节能产品认定",
)  # fmt: skip
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Words:
    """A source of text: all of it comes from one `random`."""

    def __init__(self, chance: random.Random) -> None:
        self.random = chance

    def one_of(self, choices: Sequence[str]) -> str:
        """One of them."""
        return self.random.choice(choices)

    def some_topics(self, number: int) -> list[str]:
        """So many different topics."""
        return self.random.sample(_TOPICS, number)

    def service(self) -> str:
        """The name of a service item."""
        return f"{self.one_of(_PLACES)}{self.one_of(_SERVICES)}"

    def clause(self) -> str:
        """Part of a sentence, without punctuation."""
        return f"{self.one_of(_VERBS)}{self.one_of(_PLACES)}{self.one_of(_THINGS)}"

    def sentence(self) -> str:
        """A sentence with its full stop."""
        figure = self.random.randrange(2, 400)
        form = self.random.randrange(4)
        if form == 0:
            return f"{self.one_of(_SUBJECTS)}{self.clause()}，{self.one_of(_ENDS)}。"
        if form == 1:
            return (
                f"{self.one_of(_PLACES)}的{self.one_of(_THINGS)}共{figure}处，"
                f"{self.one_of(_SUBJECTS)}已{self.clause()}，{self.one_of(_ENDS)}。"
            )
        if form == 2:
            return f"截至目前，{self.clause()}{figure}项，完成率{figure % 60 + 40}%。"
        return f"{self.one_of(_SUBJECTS)}应当{self.clause()}，同时{self.clause()}。"

    def title(self) -> str:
        """The title of an article; not unique."""
        return (
            f"关于{self.clause()}和{self.one_of(_THINGS)}的{self.one_of(('通知', '公告', '报告'))}"
        )

    def paragraph(self) -> str:
        """Some sentences; now and then one of them is set off or linked."""
        parts = [self.sentence() for _ in range(self.random.randrange(2, 6))]
        if self.random.random() < 0.2:
            parts[0] = f"**{parts[0]}**"
        if self.random.random() < 0.1:
            link = (
                f"[{self.one_of(_TOPICS)}](https://www.shifan.example/{self.random.randrange(900)})"
            )
            parts.append(f"详见{link}。")
        return "".join(parts)

    def body(self, size: int) -> str:
        """Markdown of about `size` bytes: headings, paragraphs, lists, sometimes a table."""
        blocks: list[str] = []
        filled = 0
        section = 0
        while filled < size:
            turn = self.random.random()
            if turn < 0.15:
                section += 1
                block = f"## {section}. {self.clause()}"
            elif turn < 0.27:
                block = "\n".join(f"- {self.sentence()}" for _ in range(3))
            elif turn < 0.33:
                block = "\n".join(f"{place}. {self.sentence()}" for place in range(1, 5))
            elif turn < 0.37:
                block = self._table()
            else:
                block = self.paragraph()
            blocks.append(block)
            filled += len(block.encode())
        return "\n\n".join(blocks)

    def _table(self) -> str:
        rows = [
            f"| {self.one_of(_THINGS)} | {self.random.randrange(999)} | {self.one_of(_PLACES)} |"
        ]
        rows += [
            f"| {self.one_of(_THINGS)} | {self.random.randrange(999)} | {self.one_of(_PLACES)} |"
            for _ in range(4)
        ]
        return "\n".join(["| 项目 | 数量 | 地点 |", "| --- | ---: | --- |", *rows])

    def conditions(self) -> str:
        """Rows of 受理条件."""
        return "\n".join(
            f"  - {{序号: {place}, 条件: 第{place}项：{self.clause()},"
            " 条件依据: 《示范事项管理条例》第五条}"
            for place in range(1, 4)
        )

    def materials(self, form: str) -> str:
        """Rows of 申请材料; `form` names the files of the first one."""
        kind = "申请表格文书" if form else "其他"
        rows = [
            f"  - {{序号: 1, 材料名称: 申请表, 材料类型: {kind}, 来源渠道: 申请人自备,"
            f" 材料形式: [纸质, 电子], 原件份数: 1, 复印件份数: 0, 是否必备: 是, {form}"
            "材料依据: 《示范事项管理条例》第六条}"
        ]
        rows += [
            f"  - {{序号: {place}, 材料名称: {self.one_of(_THINGS)}说明（{place}）, 材料类型: 其他,"
            " 来源渠道: 申请人自备, 材料形式: [纸质], 原件份数: 1, 复印件份数: 1, 是否必备: 是,"
            " 材料依据: 《示范事项管理条例》第七条}"
            for place in range(2, 2 + self.random.randrange(1, 4))
        ]
        return "\n".join(rows)

    def steps(self, office: str) -> str:
        """Rows of 办理流程."""
        return "\n".join(
            f"  - {{序号: {place}, 环节名称: {name}, 办理人员: {name}岗, 处理单位: {office},"
            f" 办理时限: 2, 办理时限单位: 工作日, 审查标准: {self.clause()}, 办理结果: {name}结果,"
            " 办理渠道: 两者}"
            for place, name in enumerate(("受理", "审查", "决定", "送达"), 1)
        )


def credit_code(head: str, serial: int) -> str:
    """A 统一社会信用代码 whose two check characters hold (GB 11714, GB 32100).

    `head` has 8 characters: the registering body, the kind of organisation and the region.
    """
    digits = f"{serial:08d}"
    left = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS)) % 11
    body = head + digits + {10: "X", 11: "0"}.get(left, str(left))
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def plain_pdf(text: str, size: int) -> bytes:
    """A small PDF of one page, filled up to about `size` bytes."""
    stream = b"BT /F1 12 Tf 72 720 Td (" + text.encode("ascii") + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    filler = random.Random(text).randbytes(max(size - len(out), 0) // 2).hex().encode()
    out += b"".join(b"%% %s\n" % filler[at : at + 70] for at in range(0, len(filler), 70))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(out))
    )
