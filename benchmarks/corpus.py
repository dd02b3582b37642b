"""Write a disclosure site of any size, always the same one for the same numbers.

    python benchmarks/corpus.py DIR --documents 10000 --seed 1

The mix is that of a busy zone: 70 % articles (1 to 6 KB of Markdown, a dozen fields), 20 % service
guides (nested YAML), 8 % lists of permit decisions (20 to 200 rows), 2 % budgets (50 to 300 rows in
twelve tables whose sums hold); twelve columns on three levels; an attachment on every fifth
document. All text is our own, put together from parts by chance; no name means anybody.
"""

from __future__ import annotations

import argparse
import datetime
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from corpusbudget import budget
from corpuswords import Words, credit_code, plain_pdf

AS_OF = datetime.date(2026, 12, 1)
"""The day on which the site is to be built."""

ZONE = "示范经济开发区"
OFFICES = (
    "党政办公室", "经济发展局", "财政局", "建设局", "行政审批局", "社会事务局", "应急管理局",
    "招商服务局",
)  # fmt: skip
COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("xxgk", "政府信息公开", "政府信息公开专栏", ""),
    ("xxgk/fdzdgk", "法定主动公开内容", "信息公开目录", ""),
    ("xxgk/fdzdgk/guihua", "规划计划", "规划计划", "article"),
    ("xxgk/fdzdgk/tongji", "统计信息", "统计信息", "article"),
    ("xxgk/fdzdgk/xuke", "许可决定公示", "行政许可", "permit-decisions"),
    ("xxgk/fdzdgk/yusuan", "部门预算", "财政预算", "budget"),
    ("bsfw", "办事服务", "办事服务", ""),
    ("bsfw/qiye", "企业办事", "办事服务", ""),
    ("bsfw/qiye/gcjs", "工程建设", "办事服务", "guide"),
    ("bsfw/msbz", "民生保障", "办事服务", "guide"),
    ("tzgg", "通知公告", "通知公告", "article"),
    ("gzdt", "工作动态", "工作动态", "article"),
)
"""Path, name, type and the kind of its documents (none: it holds columns only)."""

_SHARES = (("article", 70), ("guide", 20), ("permit-decisions", 8), ("budget", 2))
_BODY = (1000, 6000)
_ROWS = (20, 200)
_A20 = 15


def write_corpus(folder: Path, documents: int, seed: int = 1) -> int:
    """Write ``content/`` and a copy of the themes into `folder`; returns the number of documents.

    Anything that stood at ``folder/content`` is removed first.
    """
    content = folder / "content"
    shutil.rmtree(content, ignore_errors=True)
    _write(content / "site.yaml", _site())
    for order, (path, name, kind, default) in enumerate(COLUMNS, 1):
        _write(content / path / "_column.yaml", _column(name, kind, default, order))
    for number, (kind, serial) in enumerate(_kinds(documents), 1):
        # Each document from a seed of its own: a larger corpus begins with the smaller one.
        words = Words(random.Random(f"{seed}/{kind}/{serial}"))
        for path, text in _DOCUMENTS[kind](words, serial, number):
            _write(content / path, text)
    return documents


def _kinds(documents: int) -> Iterator[tuple[str, int]]:
    """Kinds mixed evenly, each with its serial number."""
    made = dict.fromkeys((kind for kind, _ in _SHARES), 0)
    for number in range(1, documents + 1):
        kind = max(_SHARES, key=lambda share: number * share[1] / 100 - made[share[0]])[0]
        made[kind] += 1
        yield kind, made[kind]


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _site() -> str:
    a20 = "\n".join(f"  a20_{number:02d}: 由上级机关统一公开" for number in range(1, _A20 + 1))
    return f"""\
name: {ZONE}政务公开
short_name: 示范经开区
description: 用于测量速度的样例站点，全部内容由程序拼写。
base_url: https://xxgk.shifan.example/
identity:
  sponsor: {ZONE}管理委员会
  operator: {ZONE}党政办公室
  uscc: {credit_code("11000000", 1)}
  phone: 0999-86660001
home_columns: [tzgg, gzdt]
service_columns: [bsfw/msbz]
a20:
{a20}
"""


def _column(name: str, kind: str, default: str, order: int) -> str:
    lines = [
        f"名称: {name}",
        f"描述: {name}栏目，供测量使用。",
        f"类别: {kind}",
        f"关键词: [{name}]",
        "责任部门: 党政办公室",
        "更新方式: 长期",
        f"排序: {order}",
    ]
    return "\n".join([*lines, *([f"缺省类型: {default}"] if default else []), ""])


def _head(words: Words, title: str, number: int, office: str, genre: str) -> tuple[str, str, int]:
    """The common fields, the day of publication and its year."""
    published = AS_OF - datetime.timedelta(days=words.random.randrange(0, 1500))
    formed = published - datetime.timedelta(days=words.random.randrange(0, 6))
    serial = f"{credit_code('11000000', 1)}/{formed.year}-{number % 100000:05d}"
    fields = f"""\
标题: {title}
索引号: {serial}
发布机构: {ZONE}{office}
责任部门: {office}
信息来源: {ZONE}{office}
成文日期: {formed}
发布日期: {published}
内容概述: {words.sentence()}
主题分类: 综合政务\\其他
体裁分类: {genre}
关键词: [{", ".join(words.some_topics(3))}]
"""
    return fields, str(published), published.year


def _article(words: Words, serial: int, number: int) -> Iterator[tuple[str, str | bytes]]:
    articles = [path for path, _, _, kind in COLUMNS if kind == "article"]
    column = articles[serial % len(articles)]
    office = words.one_of(OFFICES)
    title = words.title()
    head, _, year = _head(words, title, number, office, words.one_of(("通知", "公告", "报告")))
    place = f"{column}/{year}/{serial:06d}"
    lines = ["---", head + f"联系方式: {{联系人: {office}综合科, 联系电话: 0999-86660033}}"]
    if number % 5 == 0:
        lines.append("附件:\n  - 文件: fujian.pdf\n    标题: 附件：工作安排表")
        yield f"{place}/fujian.pdf", plain_pdf(f"Annex {serial}", 6000)
    lines += ["---", words.body(words.random.randrange(*_BODY))]
    yield f"{place}.md", "\n".join(lines) + "\n"


def _guide(words: Words, serial: int, number: int) -> Iterator[tuple[str, str | bytes]]:
    column = ("bsfw/qiye/gcjs", "bsfw/msbz")[serial % 2]
    office = words.one_of(OFFICES)
    item = words.service()
    head, published, _ = _head(words, f"{item}办事指南（{serial}）", number, office, "其他")
    place = f"{column}/{serial % 20:02d}/{serial:06d}"
    code = f"{serial:09d}"
    form = ""
    if number % 5 == 0:
        head += "附件:\n  - 文件: shenqingbiao.pdf\n    标题: 申请表（空白）\n"
        form = "空白表格: shenqingbiao.pdf, 示例样本: shenqingbiao.pdf, "
        yield f"{place}/shenqingbiao.pdf", plain_pdf(f"Form {serial}", 4000)
    yield (
        f"{place}.yaml",
        head
        + f"""\
事项名称: {item}（{serial}）
基本编码: {code[-8:]}
实施编码: 000000{code}
事项类型: 行政确认
事项版本: 1
事项状态: 在用
权力来源: 法定本级行使
行使层级: 县级
实施主体: {office}
实施主体代码: {credit_code("11000000", 2)}
实施主体性质: 法定机关
承办机构: {office}综合科
服务对象: [企业法人, 其他组织]
法人服务主题: [公用事业]
申请主体: {words.clause()}的单位
数量限制: 无
办件类型: 承诺件
法定办结时限: 20
法定办结时限单位: 工作日
承诺办结时限: 10
承诺办结时限单位: 工作日
补正告知: 材料不齐的，当场或者在五个工作日内一次告知需要补正的全部内容。
办理形式: [窗口办理, 电脑端网上办理, 快递申请]
是否网办: 是
网上办理深度: 网上受理
网办地址: https://zwfw.shifan.example/item/{code}
到办事现场次数: 0
是否进驻政务大厅: 是
政务大厅名称: {ZONE}政务服务大厅
预约办理: 是
网上支付: 否
物流快递: 是
自助终端: 否
是否收费: 否
审批结果名称: {item}结果
审批结果类型: 其他
送达方式: [窗口领取, 邮寄]
咨询电话: 0999-86660031
监督投诉电话: 0999-86660045
行政复议部门: 示范市人民政府
行政复议地址: 示范市人民路1号
行政复议电话: 0999-86600016
行政诉讼部门: 示范市人民法院
行政诉讼地址: 示范市法治路6号
行政诉讼电话: 0999-86600068
最近核对日期: {published}
设定依据:
  - 法律法规名称: 示范事项管理条例
    依据文号: 示政令第{serial % 90 + 1}号
    条款号: 第{words.one_of("三五六七八九")}条
    条款内容: {words.sentence()}
    颁布机关: 示范市人民政府
    实施日期: 2019-05-01
    依据类别: 地方政府规章
    效力状态: 有效
受理条件:
{words.conditions()}
申请材料:
{words.materials(form)}
办理流程:
{words.steps(office)}
办理窗口:
  - 窗口名称: 综合窗口
    具体地址: 示范市{ZONE}创新大道3号政务服务大厅一层
    办理时间: "工作日8:30至17:30"
    窗口电话: 0999-86660801
常见问题:
  - 问题: {words.clause()}怎么办？
    解答: {words.sentence()}
""",
    )


def _permits(words: Words, serial: int, number: int) -> Iterator[tuple[str, str | bytes]]:
    office = words.one_of(OFFICES)
    low, high = _ROWS
    # Most batches are short, few are long: the density falls with the cube of the length.
    near, far = 1 / low**2, 1 / high**2
    count = int((near - words.random.random() * (near - far)) ** -0.5)
    head, published, year = _head(
        words, f"行政许可决定公示（第{serial}批）", number, office, "公告"
    )
    decided = datetime.date.fromisoformat(published) - datetime.timedelta(days=3)
    body = credit_code("11000000", 2)
    rows = []
    for row in range(count):
        item = words.service()
        name = f"示范{words.some_topics(1)[0]}{words.one_of('甲乙丙丁戊己庚辛')}{row}号有限公司"
        rows.append(
            f"  - {{行政相对人名称: {name}, 行政相对人类别: 法人及非法人组织,"
            f" 统一社会信用代码: {credit_code('91000000', serial * 1000 + row)},"
            f" 法定代表人: 样例{words.one_of('一二三四五六七八九')}某,"
            f" 行政许可决定文书名称: {item}决定书,"
            f" 行政许可决定文书号: 示审许〔{year}〕{serial}-{row}号,"
            f" 许可类别: 普通, 许可内容: {words.clause()}, 许可决定日期: {decided},"
            f" 有效期自: {decided}, 有效期至: 2099-12-31, 许可机关: {office},"
            f" 许可机关统一社会信用代码: {body}, 当前状态: 1, 数据来源单位: {office},"
            f" 数据来源单位统一社会信用代码: {body}, 事项实施编码: 0000001110{row:03d},"
            f" 公示日期: {published}}}"
        )
    text = f"许可机关: {ZONE}{office}\n许可决定数: {count}\n许可决定:\n"
    place = f"xxgk/fdzdgk/xuke/{year}/{serial:06d}"
    if number % 5 == 0:
        head += "附件:\n  - 文件: shuoming.pdf\n    标题: 公示说明\n"
        yield f"{place}/shuoming.pdf", plain_pdf(f"Note {serial}", 3000)
    yield f"{place}.yaml", head + text + "\n".join(rows) + "\n"


def _budget(words: Words, serial: int, number: int) -> Iterator[tuple[str, str | bytes]]:
    office = words.one_of(OFFICES)
    head, published, year = _head(words, f"{office}{serial}号单位预算", number, office, "报告")
    place = f"xxgk/fdzdgk/yusuan/{year}/{serial:06d}"
    if number % 5 == 0:
        head += "附件:\n  - 文件: shuoming.pdf\n    标题: 编制说明\n"
        yield f"{place}/shuoming.pdf", plain_pdf(f"Budget {serial}", 8000)
    organisation = f"{ZONE}{office}{serial}号单位"
    yield f"{place}.yaml", head + budget(words, organisation, published, year)


Documents = Callable[[Words, int, int], Iterator[tuple[str, str | bytes]]]
_DOCUMENTS: dict[str, Documents] = {
    "article": _article,
    "guide": _guide,
    "permit-decisions": _permits,
    "budget": _budget,
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="write a generated site for measurements")
    parser.add_argument("folder", type=Path, help="the site's folder; its content/ is replaced")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    written = write_corpus(chosen.folder, chosen.documents, chosen.seed)
    files = [file for file in (chosen.folder / "content").rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"{written} documents in {len(files)} files, {size:.1f} MB")


if __name__ == "__main__":
    main()
