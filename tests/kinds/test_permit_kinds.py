"""The kinds permit-decisions and permit-items: good samples and planted faults."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_samples import column, edited, kinds, read

from sitegen.kinds.rules.permits import is_resident_id

DECISIONS = """\
标题: 许可决定公示
发布日期: 2026-03-09
许可决定数: 1
批次起始日期: 2026-03-01
批次截止日期: 2026-03-31
许可决定:
  - XK_XDR_MC: 示范智造有限公司
    XK_XDR_LB: 法人及非法人组织
    XK_XDR_SHXYM: 91000000123456788T
    XK_FRDB: 示例一
    XK_FR_ZJLX: 身份证
    XK_FR_ZJHM: "000000190001010017"
    XK_XKWS: 准予许可决定书
    XK_WSH: 示开建许〔2026〕1号
    XK_XKLB: 普通
    XK_NR: 准予施工。
    XK_JDRQ: 2026-03-03
    XK_YXQZ: 2026-03-03
    XK_YXQZI: 2028-03-02
    XK_XKJG: 示范经济开发区建设局
    XK_XKJGDM: "110000001234567883"
    XK_ZT: 有效
    XK_LYDW: 示范经济开发区行政审批局
    XK_LYDWDM: "110000001234567883"
    实施编码: "000000110111001000"
    公示日期: 2026-03-09
"""


class TestDecisions:
    def test_a_record_in_the_codes_of_the_data_standard_is_read(self) -> None:
        document, problems = read("a.yaml", DECISIONS, "permit-decisions")
        assert problems == ()
        assert document is not None
        assert column(document, "decisions", "permit_kind") == ["01"]
        assert column(document, "decisions", "status") == ["1"]

    def test_numbers_of_identity_papers_are_private(self) -> None:
        fields = kinds().kinds["permit-decisions"].tables[0].fields
        assert {f.name for f in fields if f.private} == {
            "legal_rep_id_type", "legal_rep_id", "person_id_type", "person_id",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "code", "severity"),
        [
            ("公示日期: 2026-03-09", "公示日期: 2026-03-13", "K502", "warning"),
            ("公示日期: 2026-03-09", "公示日期: 2026-03-02", "K501", "error"),
            ("XK_JDRQ: 2026-03-03", "XK_JDRQ: 2026-02-27", "K501", "error"),
            ("XK_YXQZI: 2028-03-02", "XK_YXQZI: 2026-03-02", "K501", "error"),
            ("91000000123456788T", "91000000123456788U", "K130", "warning"),
            ('XK_XKJGDM: "110000001234567883"', 'XK_XKJGDM: "110000001234567884"', "K130", "error"),
            ("    XK_XDR_SHXYM: 91000000123456788T\n", "", "K505", "error"),
            ("    XK_FRDB: 示例一\n", "", "K505", "error"),
            ("法人及非法人组织", "个体工商户", "K561", "warning"),
            ("法人及非法人组织", "自然人", "K562", "error"),
            ("普通", "其他", "K505", "error"),
            ("普通", "普遍", "K109", "error"),
            ("000000190001010017", "000000190001010018", "K560", "warning"),
            ("许可决定数: 1", "许可决定数: 2", "K563", "error"),
            ("XK_JDRQ: 2026-03-03", "XK_JDRQ: 2026/3/3x", "K103", "error"),
        ],
    )
    def test_a_planted_fault_is_the_only_problem(
        self, old: str, new: str, code: str, severity: str
    ) -> None:
        problems = read("a.yaml", edited(DECISIONS, {old: new}), "permit-decisions")[1]
        assert [(p.code, p.severity.value) for p in problems] == [(code, severity)]
        assert problems[0].where is not None
        assert problems[0].where.line is not None

    def test_private_numbers_and_names_are_not_repeated_in_messages(self) -> None:
        number = edited(DECISIONS, {"0017": "0018"})
        (problem,) = read("a.yaml", number, "permit-decisions")[1]
        assert "00000019000101" not in problem.message()
        name = edited(DECISIONS, {"法人及非法人组织": "自然人"})
        (problem,) = read("a.yaml", name, "permit-decisions")[1]
        assert "示范智造" not in problem.message()

    def test_a_masked_name_is_accepted(self) -> None:
        changes = {"法人及非法人组织": "自然人", "示范智造有限公司": "示某某"}
        assert read("a.yaml", edited(DECISIONS, changes), "permit-decisions")[1] == ()

    def test_a_withdrawn_record_keeps_nothing_of_the_party(self) -> None:
        withdrawn = DECISIONS + "    撤回公示日期: 2026-09-11\n    撤回公示原因: 许可注销\n"
        problems = read("a.yaml", withdrawn, "permit-decisions")[1]
        assert [p.code for p in problems] == ["K506", "K506"]
        withdrawn = edited(
            withdrawn,
            {
                "示范智造有限公司": "（已撤回公示）",
                "    XK_XDR_SHXYM: 91000000123456788T\n    XK_FRDB: 示例一\n": "",
                "XK_ZT: 有效": "XK_ZT: 无效",
            },
        )
        assert read("a.yaml", withdrawn, "permit-decisions")[1] == ()

    def test_the_same_decision_twice_is_an_error(self) -> None:
        row = DECISIONS[DECISIONS.index("  - XK") :]
        text = edited(DECISIONS + row, {"许可决定数: 1": "许可决定数: 2"})
        assert [p.code for p in read("a.yaml", text, "permit-decisions")[1]] == ["K170"]


ITEMS = """\
标题: 清单
发布日期: 2026-01-08
清单版本: 2026年版
清单日期: 2026-01-05
事项总数: 2
类别数: 2
精简前材料总数: 5
精简后材料总数: 4
事项清单:
  - {序号: 1, 事项名称: 甲事项, 基本编码: A1, 实施编码: B1, 类别: 行政许可, 事项类型: 行政许可,
     设定依据: 《甲法》第一条, 实施主体: 建设局, 法定办结时限: 20个工作日, 精简前时限: 15,
     承诺时限: 10, 精简前材料: 3, 申请材料: 2, 审批环节: 3, 办件类型: 承诺件}
  - {序号: 2, 事项名称: 乙事项, 基本编码: A2, 实施编码: B2, 类别: 行政确认, 事项类型: 行政确认,
     设定依据: 《乙法》第二条, 实施主体: 建设局, 法定办结时限: 无法定时限, 承诺时限: 0,
     精简前材料: 2, 申请材料: 2, 审批环节: 3, 办件类型: 即办件, 到场次数: 0, 不见面审批: 是}
"""


class TestItems:
    def test_a_list_is_read(self) -> None:
        assert read("a.yaml", ITEMS, "permit-items")[1] == ()

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("事项总数: 2", "事项总数: 3", "K563"),
            ("类别数: 2", "类别数: 3", "K564"),
            ("精简后材料总数: 4", "精简后材料总数: 5", "K521"),
            ("承诺时限: 10", "承诺时限: 16", "K508"),
            ("承诺时限: 10", "承诺时限: 0", "K513"),
            ("到场次数: 0", "到场次数: 1", "K513"),
            ("乙事项", "乙事项等材料", "K510"),
            ("清单日期: 2026-01-05", "清单日期: 2026-01-09", "K501"),
            ("清单版本", "权力来源: 法定本级行使\n清单版本", ""),
        ],
    )
    def test_a_planted_fault_is_the_only_problem(self, old: str, new: str, code: str) -> None:
        problems = read("a.yaml", edited(ITEMS, {old: new}), "permit-items")[1]
        assert [p.code for p in problems] == ([code] if code else [])

    def test_a_delegated_list_names_who_delegates(self) -> None:
        text = edited(ITEMS, {"清单版本": "权力来源: 上级委托\n清单版本"})
        assert [p.code for p in read("a.yaml", text, "permit-items")[1]] == ["K505", "K505"]


class TestCheckDigits:
    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("000000190001010017", True),
            ("00000019000101005X", True),
            ("00000019000101005x", True),
            ("000000190001010018", False),
            ("000000190002300016", False),
            ("00000019000101001", False),
            ("0000001900010100１7", False),
        ],
    )
    def test_identity_numbers_have_a_real_date_and_the_check_digit(
        self, text: str, right: bool
    ) -> None:
        assert is_resident_id(text) is right

    @given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 16), st.integers(1, 9))
    def test_one_wrong_digit_is_found(self, other: str, place: int, step: int) -> None:
        body = other[:6] + "19960229" + other[6:]
        (number,) = [body + check for check in "0123456789X" if is_resident_id(body + check)]
        wrong = str((int(number[place]) + step) % 10)
        assert not is_resident_id(number[:place] + wrong + number[place + 1 :])

    def test_an_organisation_code_is_checked_with_or_without_its_hyphen(self) -> None:
        def codes(value: str) -> list[str]:
            given = edited(DECISIONS, {"    XK_FRDB": f"    XK_XDR_ZZJG: {value}\n    XK_FRDB"})
            return [p.code for p in read("a.yaml", given, "permit-decisions")[1]]

        assert codes("123456788") == codes("12345678-8") == []
        assert codes("123456780") == ["K560"]
