"""A small site, made by hand, that has a page of every sort; with everything it publishes."""

# ruff: noqa: E501 - data

from __future__ import annotations

import datetime
import functools
from decimal import Decimal
from pathlib import Path
from typing import Any

from handmade import Shelf, attachment, change, column, entry

from sitegen.config import Figure, Identity, Settings
from sitegen.kinds.document import Document, Table
from sitegen.kinds.kind import Kinds
from sitegen.kinds.loading import load_kinds
from sitegen.outputs import listings, pages
from sitegen.outputs.output import Workshop
from sitegen.problems import Problem
from sitegen.render.markdown import Heading, Rendered
from sitegen.render.theme import load_theme
from sitegen.site import addresses
from sitegen.site.cards import TableCard
from sitegen.site.site import Redirect, Relation, Site

SECRET = "110101199003070011"
"""Stands in every private field; must be on no page."""
LEFT_OUT = "xxgk/zhengce/mimi.md"

DAY = datetime.date


@functools.cache
def kinds() -> Kinds:
    return load_kinds(())[0]


def tables_of(kind: str, rows: dict[str, list[dict[str, Any]]]) -> tuple[Table, ...]:
    """Tables of a kind from rows by field name; what is missing is blank, what is private secret."""
    made = []
    for table in kinds().kinds[kind].tables:
        if table.name in rows:
            made.append(Table(table, tuple(
                tuple(SECRET if f.private and f.type == "string" else row.get(f.name) for f in table.fields)
                for row in rows[table.name]
            )))  # fmt: skip
    return tuple(made)


CONTENT: dict[str, tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]] = {
    "guide": (
        {"item_name": "占道审批", "promised_days": 10, "promised_unit": "工作日", "statutory_days": 20,
         "statutory_unit": "工作日", "item_type": "01", "handle_type": "2", "service_object": ["2", "6"],
         "visits": 0, "is_fee": True, "applicant_scope": "建设单位", "consult_phone": "0999-86660041",
         "online_url": "https://zwfw.shifan.example/item/1", "rights": ["陈述", "申辩"], "correction": "一次告知"},
        {"accept_conditions": [{"text": "确有必要", "basis": "条例第三十一条"}],
         "materials": [{"seq": 1, "name": "申请表", "form": ["纸质", "电子"], "originals": 1, "copies": 0,
                        "required": True, "blank_form": "申请表.docx"}],
         "steps": [{"seq": 1, "step": "受理", "days": 1, "unit": "工作日", "standard": "材料齐全"},
                   {"seq": 2, "step": "决定", "days": 2, "unit": "工作日", "standard": "符合条件"}],
         "fees": [{"item": "占道费", "standard": "0.30", "unit": "元/平方米·日"}],
         "windows": [{"name": "综合窗口", "address": "创新大道1号", "phone": "0999-86660801"}],
         "legal_basis": [{"law_name": "城市道路管理条例", "article": "第三十一条", "effective_on": DAY(1996, 10, 1)}],
         "faqs": [{"q": "紧急抢修怎么办？", "a": "先行破路，\n24小时内补办。"}]},
    ),
    "organisation": (
        {"name": "建设局", "functions": ["编制规划", "监督管理"], "address": "创新大道1号", "phone": "0999-86660041",
         "head": {"name": "示例一", "post": "局长"}},
        {"leaders": [{"name": "示例一", "post": "局长", "division": "主持全面工作"}]},
    ),
    "disclosure-guide": (
        {"office": "党政办公室", "phone": "0999-86660001", "categories": ["政策文件", "财政预决算"],
         "arrangement": "按栏目编排。\n索引号由两部分组成。", "supervision": {"office": "监察组", "phone": "0999-86660009"}},
        {"steps": [{"order": 1, "name": "提出申请", "content": "填写申请表", "workdays": 0}],
         "channels": [{"name": "本网站", "type": "政府网站", "place": "https://xxgk.shifan.example/"}]},
    ),
    "interpretation": (
        {"interprets": ["xxgk/zhengce/a.md"], "form": "问答", "interpreter_org": "综合执法局"},
        {"key_points": [{"topic": "谁来投放", "content": "产生垃圾的单位和个人"}],
         "questions": [{"question": "何时施行？", "answer": "2027年1月1日。"}],
         "differences": [{"item": "分类", "before": "两类", "after": "四类"}]},
    ),
    "permit-items": (
        {"list_version": "2026年版", "total_items": 1, "days_before": 20, "days_after": 10},
        {"items": [{"seq": 1, "name": "占道审批", "item_type": "01", "guide": "bsfw/guide.yaml", "after_days": 10}]},
    ),
    "permit-decisions": (
        {"authority": "行政审批局", "total": 1},
        {"decisions": [{"party_name": "示范智造有限公司", "doc_no": "示开建许〔2026〕1号", "permit_kind": "01",
                        "content": "准予施工", "decided_on": DAY(2026, 3, 2), "status": "1"}]},
    ),
    "budget": (
        {"year": 2026, "level": "部门"},
        {"bud_expense": [
            {"func_code": "合计", "total": Decimal("1826.10")},
            {"func_code": "201", "func_name": "一般公共服务支出", "total": Decimal("1353.42")},
            {"func_code": "20103", "func_name": "政府办公厅（室）及相关机构事务", "total": Decimal("1353.42")},
            {"func_code": "208", "func_name": "社会保障和就业支出", "total": Decimal("472.68")}]},
    ),
    "final-accounts": (
        {"year": 2025},
        {"fin_expense": [{"func_code": "201", "func_name": "一般公共服务支出", "total": Decimal("1.00")}]},
    ),
}  # fmt: skip
"""Fields and tables of one document of each kind that has a template of its own."""


def whole_site(language: str = "zh-CN", base_url: str = "https://xxgk.shifan.example/zw/") -> Site:
    """The site on 2026-11-23."""
    pdf = attachment(
        "xxgk/zhengce/a/全文.pdf", b"%PDF", "办法全文.pdf", "xxgk/zhengce/a/quanwen.pdf"
    )
    form = attachment(
        "bsfw/guide/申请表.docx", b"PK", "申请表.docx", "bsfw/guide/shenqingbiao.docx"
    )
    picture = attachment("xxgk/zhengce/a/图.png", b"PNG", "图.png", "xxgk/zhengce/a/tu.png")
    first = [
        entry("xxgk/zhengce/a.md", "关于印发《<垃圾分类>管理办法》的通知", "xxgk/zhengce", kind="policy",
              index_no="110000001234567883/2026-10001", doc_no="示开管发〔2026〕13号", issuer="示范经济开发区管理委员会",
              responsible="综合执法局", formed_on=DAY(2026, 11, 5), published_on=DAY(2026, 11, 10),
              effective_on=DAY(2027, 1, 1), summary="四类投放。", topic="城乡建设、环境保护\\城乡建设（含住房）",
              genre="办法", keywords=("垃圾", "分类"), validity="尚未施行", older="xxgk/zhengce/b.md",
              attachments=(pdf,), relations=(Relation("interpreted_by", "zcjd/interpretation.md"),
                                             Relation("repeals", "xxgk/zhengce/b.md")),
              changes=(change("2026-11-12", "修订", "xxgk/zhengce/a.md", "改正第三条", address="xxgk/zhengce/a.html"),
                       change("2026-11-11", "修订", "xxgk/zhengce/a.md", "错字", minor=True),
                       change("2026-11-10", "发布", "xxgk/zhengce/a.md", address="xxgk/zhengce/a.html")),
              revised_on=DAY(2026, 11, 12)),
        entry("xxgk/zhengce/b.md", "旧办法", "xxgk/zhengce", kind="policy", doc_no="示开管发〔2019〕4号",
              published_on=DAY(2019, 3, 1), validity="废止", validity_since=DAY(2026, 11, 10),
              newer="xxgk/zhengce/a.md", relations=(Relation("repealed_by", "xxgk/zhengce/a.md"),
                                                    Relation("relates", LEFT_OUT))),
        entry("xxgk/zhengce/c.md", "一般通知", "xxgk/zhengce", kind="article", published_on=DAY(2019, 2, 1)),
        entry("xxgk/zhengce/gone.md", "撤下的通告", "xxgk/zhengce", kind="policy", state="withdrawn",
              doc_no="示开管发〔2026〕6号", index_no="110000001234567883/2026-10002", issuer="建设局",
              changes=(change("2026-07-10", "撤下", "xxgk/zhengce/gone.md", "起止点有误"),)),
        entry("xxgk/zhengce/closed.md", "公示期满的名单", "xxgk/zhengce", state="closed", public_until=DAY(2026, 5, 1)),
        entry("guidang/old.md", "早年的信息", "guidang", published_on=DAY(2015, 1, 5)),
        entry("about.md", "关于本站", "", published_on=DAY(2026, 1, 5)),
    ]  # fmt: skip
    homes = {"guide": "bsfw", "interpretation": "zcjd", "disclosure-guide": "xxgk/zhinan"}
    for number, kind in enumerate(CONTENT, 1):
        home = homes.get(kind, "xxgk/zhengce")
        path = f"{home}/{kind}.{'md' if kind == 'interpretation' else 'yaml'}"
        first.append(entry(
            path, f"示例：{kinds().kinds[kind].title['zh']}", home, kind=kind,
            index_no=f"110000001234567883/2026-3000{number}", issuer="示范经济开发区管理委员会",
            published_on=DAY(2026, 2, number), attachments=(form,) if kind == "guide" else (),
            relations=(Relation("interprets", "xxgk/zhengce/a.md"),) if kind == "interpretation" else (),
            tables=tuple(TableCard(name, name, len(rows)) for name, rows in CONTENT[kind][1].items()),
        ))  # fmt: skip
    entries = {each.path: each for each in sorted(first, key=lambda each: each.path)}

    def documents(path: str) -> tuple[str, ...]:
        own = [each for each in entries.values() if each.column == path]
        own.sort(key=lambda each: each.card.published_on or DAY.min, reverse=True)
        return tuple(each.path for each in own)

    columns = [
        column("", "首页", None, children=("xxgk", "bsfw", "zcjd", "guidang", "jiu"), documents=("about.md",)),
        column("xxgk", "政府信息公开", children=("xxgk/zhinan", "xxgk/zhengce", "xxgk/shehui"), type="信息公开",
               description="本区的政府信息", owner="党政办公室", update_rule="standing", keywords=("公开",)),
        column("xxgk/zhinan", "政府信息公开指南", "xxgk", block="guide", documents=documents("xxgk/zhinan")),
        column("xxgk/zhengce", "法定主动公开内容", "xxgk", block="content", page_size=3, a20_class="a20_01",
               documents=documents("xxgk/zhengce"), intro="政策文件。\n均标明有效性。"),
        column("xxgk/shehui", "社会救助", "xxgk", published_by="示范市民政局", published_url="https://mz.shifan.example/"),
        column("bsfw", "办事服务", documents=documents("bsfw")),
        column("zcjd", "政策解读", documents=documents("zcjd")),
        column("guidang", "脱贫专题", status="archived", hidden=True, archived_on=DAY(2021, 12, 31),
               archived_reason="任务已经完成。", documents=documents("guidang")),
        column("jiu", "旧栏目", status="merged", hidden=True, merged_into="bsfw"),
    ]  # fmt: skip
    log = sorted(
        (c for each in entries.values() for c in each.changes if not c.minor),
        key=lambda c: c.on, reverse=True,
    )  # fmt: skip
    return Site(
        settings=Settings(
            name="示范经济开发区政务公开", description="统一平台", language=language, base_url=base_url,
            identity=Identity(
                sponsor="示范经济开发区管理委员会", operator="党政办公室", site_id_code="0000000001",
                icp="示ICP备00000000号", police_record="示公网安备1号", phone="0999-86660001",
                address="创新大道1号", postcode="000000", find_error_url="https://zhaocuo.shifan.example/",
                mark_url="https://bszs.shifan.example/",
            ),
            figures=(Figure("审批事项", "34", "项", "不见面", "xxgk/zhengce/permit-items.yaml"),),
            home_columns=("xxgk/zhengce", "zcjd"), service_columns=("bsfw", "xxgk/shehui"),
        ),
        kinds=kinds(),
        as_of=DAY(2026, 11, 23),
        columns={each.path: each for each in columns},
        entries=entries,
        log=tuple(log),
        redirects=(Redirect("jiu/index.html", "bsfw/index.html", "办事服务"),
                   Redirect("old/page.html", "xxgk/zhengce/a.html")),
        files={picture.source: picture},
    )  # fmt: skip


BODY = Rendered(
    html=(
        '<h2 id="一">第一章</h2>\n<p>见<a href="sitegen:xxgk/zhengce/b.md#附件">旧办法</a>、'
        '<a href="sitegen:bsfw">办事服务</a>、<a href="sitegen:xxgk/zhengce/mimi.md">内部</a>和'
        '<a href="sitegen:xxgk/zhengce/a/%E5%85%A8%E6%96%87.pdf">全文</a>。'
        '<img src="sitegen:xxgk/zhengce/a/图.png" alt="流程"></p>\n'
        '<h2 id="二">第二章</h2>\n<h3 id="三">一节</h3>\n<h2 id="四">附则</h2>'
    ),
    headings=(Heading(2, "一", "第一章"), Heading(2, "二", "第二章"), Heading(3, "三", "一节"),
              Heading(2, "四", "附则")),
)  # fmt: skip


def facts(site: Site) -> Shelf:
    """The documents of the site; private fields hold the secret."""
    documents = {}
    for path, one in site.entries.items():
        kind = kinds().kinds[one.card.kind]
        values, rows = CONTENT.get(one.card.kind, ({}, {}))
        private = {f.name: SECRET for f in kinds().fields_of(kind) if f.private}
        documents[path] = Document(
            path, kind.name, {**values, **private}, tables_of(kind.name, rows)
        )
    return Shelf(documents, {"xxgk/zhengce/a.md": BODY})


@functools.cache
def made(language: str = "zh-CN", themes: Path | None = None, name: str = "default") -> tuple[
    dict[str, str], tuple[Problem, ...]
]:  # fmt: skip
    """Every page of the site by address, and the problems of making them."""
    site = whole_site(language)
    theme, problems = load_theme(themes, name, language)
    workshop = Workshop(site, theme, facts(site))
    result: dict[str, str] = {}
    for module in (pages, listings):
        for output in module.plan(site, theme):
            one = module.produce(output, workshop)
            problems += one.problems
            if output.producer != "asset":
                result[output.address] = one.content.decode()
    return result, problems


def other_files(site: Site) -> set[str]:
    """Addresses of what other producers make: pages may link to them."""
    found = {addresses.catalogue_file(suffix) for suffix in ("csv", "xlsx", "json")}
    for one in site.entries.values():
        found.update(each.address for each in one.attachments)
        found.add(addresses.archive(one.address))
        found.add(addresses.data_package(one.address))
        for table in one.card.tables:
            found.update(
                addresses.table_file(one.address, table.name, s) for s in ("csv", "xlsx", "json")
            )
    for each in site.columns.values():
        found.update(addresses.feed(each.address, suffix) for suffix in ("xml", "json"))
    found.update(each.address for each in site.files.values())
    return found
