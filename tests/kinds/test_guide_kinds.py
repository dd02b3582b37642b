"""The kind guide: a full sample, and faults planted in it one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from service_samples import CONTENT, edited, line_of, read, table

from sitegen.problems import Problem, Severity

SAMPLE = "bsfw/gcjs/daolu-wajue.yaml"
"""The guide with a fee, samples, forms and every required group."""


def _found(problems: tuple[Problem, ...]) -> list[tuple[str, int | None, Severity]]:
    return [(p.code, p.where.line if p.where else None, p.severity) for p in problems]


class TestGuide:
    text = (CONTENT / SAMPLE).read_text("utf-8")

    def problems(self, changes: Mapping[str, str]) -> list[tuple[str, int | None, Severity]]:
        return _found(read(SAMPLE, edited(self.text, changes), "guide")[1])

    def test_a_full_guide_has_no_problems(self) -> None:
        document, problems = read(SAMPLE, self.text, "guide")
        assert problems == ()
        assert document is not None
        assert document.fields["promised_days"] == 10
        assert document.fields["service_object"] == ["2", "3", "6"]
        assert len(table(document, "materials").rows) == 6

    @pytest.mark.parametrize(
        ("old", "new", "code", "at", "severity"),
        [
            ("承诺办结时限: 10", "承诺办结时限: 21", "K553", "承诺办结时限: 21", "error"),
            ("办件类型: 承诺件", "办件类型: 即办件", "K513", "承诺办结时限: 10", "error"),
            ("次数: 0", "次数: 1\n必须现场办理原因说明: 勘验", "K513", "到办事现场次数", "error"),
            ("投诉电话: 0999-86660045", "投诉电话: 0999-86660031", "K507", "咨询电话: ", "error"),
            ("投诉电话: 0999-86660045", "投诉电话: 13800000000", "K132", "监督投诉电话", "error"),
            ("法人服务主题: [国土和规划建设, 公用事业]", "", "K551", "服务对象: ", "error"),
            ("审批结果类型: 出证办结", "审批结果类型: 审批办结", "K559", "审批结果类型", "warning"),
            ("110000000000004140", "110000000000004141", "K130", "实施主体代码", "error"),
            ("收费依据: 《城市道路管理条例》第三十七条", "", "K505", None, "error"),
            ("行政法规\n    收费对象", "其他\n    收费对象", "K513", "依据类别: 其他", "error"),
            ("效力状态: 有效", "效力状态: 已废止", "K514", "效力状态: 已废止", "warning"),
            ("条款号: 第三十一条", "条款号: 31条", "K140", "条款号: 31条", "error"),
            ("名称: 施工方案", "名称: 施工方案等材料", "K510", "名称: 施工方案等材料", "warning"),
            ("出具机构: 示范经济开发区自然资源主管部门\n", "\n", "K505", None, "error"),
            ("空白表格: shenqingbiao.docx\n", "\n", "K505", None, "error"),
            ("示例样本: shenqingbiao-yangben.docx\n", "\n", "K505", None, "error"),
            ("办理时限: 4\n", "办理时限: 44\n", "K556", "办理流程:", "error"),
            ("委托部门: 示范市人民政府", "", "K505", None, "error"),
            ("委托或授权机关: 示范市人民政府", "", "K505", None, "warning"),
            ("网办地址: https", "网办地址: http", "K115", "网办地址", "error"),
            ("事项类型: 行政许可", "事项类型: 行政认可", "K110", "事项类型", "error"),
        ],
    )  # fmt: skip
    def test_a_planted_fault_is_the_only_problem(
        self, old: str, new: str, code: str, at: str | None, severity: str
    ) -> None:
        text = edited(self.text, {old: new})
        problems = read(SAMPLE, text, "guide")[1]
        assert [(p.code, p.severity.value) for p in problems] == [(code, severity)]
        assert problems[0].where is not None
        if at is not None:
            assert problems[0].where.line == line_of(text, at)

    def test_no_statutory_limit_must_be_said(self) -> None:
        gone = {"法定办结时限: 20\n法定办结时限单位: 工作日\n": ""}
        assert [code for code, _, _ in self.problems(gone)] == ["K554"]
        said = {"法定办结时限: 20\n法定办结时限单位: 工作日\n": "法定办结时限说明: 无法定时限\n"}
        assert self.problems(said) == []

    def test_limits_in_different_units_are_compared_by_days_with_a_warning_only(self) -> None:
        longer = {"时限: 20\n法定办结时限单位: 工作日": "时限: 12\n法定办结时限单位: 自然日"}
        assert [(c, s) for c, _, s in self.problems(longer)] == [("K553", Severity.WARNING)]
        within = {"时限: 20\n法定办结时限单位: 工作日": "时限: 14\n法定办结时限单位: 自然日"}
        assert self.problems(within) == []

    def test_special_procedures_do_not_count_for_the_limit(self) -> None:
        changes = {"办理时限: 4\n": "办理时限: 44\n    是否特别程序: 是\n"}
        assert self.problems(changes) == []

    def test_steps_in_another_unit_cannot_be_added(self) -> None:
        changes = {"办理时限单位: 工作日": "办理时限单位: 小时"}
        assert [(c, s) for c, _, s in self.problems(changes)] == [("K557", Severity.WARNING)]

    def test_a_paper_material_is_one_original_or_copy_at_least(self) -> None:
        changes = {"原件份数: 1": "原件份数: 0"}
        assert [c for c, _, _ in self.problems(changes)] == ["K558"]
        electronic = {"材料形式: [纸质, 电子]\n    原件份数: 1": "材料形式: 电子\n    原件份数: 0"}
        assert self.problems(electronic) == []

    def test_a_service_without_a_fee_has_no_fees(self) -> None:
        problems = self.problems({"是否收费: 是": "是否收费: 否"})
        assert sorted(c for c, _, _ in problems) == ["K513", "K565"]

    def test_without_a_visit_and_online_service_it_can_be_applied_for_by_post(self) -> None:
        changes = {
            "办理形式: [窗口办理, 电脑端网上办理, 移动端网上申请, 快递申请]": "办理形式: 窗口办理",
            "是否网办: 是": "是否网办: 否",
        }
        assert [c for c, _, _ in self.problems(changes)] == ["K513"]

    def test_veto_groups_must_be_there(self) -> None:
        _, problems = read("bsfw/a.yaml", "标题: 某事项\n发布日期: 2026-03-02\n", "guide")
        told = [dict(p.values) for p in problems if p.code in ("K101", "K123", "K171")]
        titles = {t for each in told for t in each.get("titles", each["title"]).split("、")}
        assert titles >= {
            "事项名称", "设定依据", "受理条件", "申请材料", "办理窗口", "咨询电话", "办理流程",
        }  # fmt: skip
