"""Files that are offered as they are never act in the site's name: not in the reader's browser."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from sitegen.authoring.starting import start_site
from sitegen.build import BuildOptions, BuildResult, build
from sitegen.engine.reporter import Silent
from sitegen.outputs.activemarkup import problem_in
from sitegen.site.files import MEDIA_TYPES, RUNNING

NOW = datetime.datetime(2026, 11, 23, 4, tzinfo=datetime.UTC)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'

HARMLESS = [
    SVG.format('<title>流程图</title><rect width="4" height="4" fill="url(#a)"/>'),
    SVG.format('<a xlink:href="https://xxgk.shifan.example/"><text>更多</text></a>'),
    SVG.format('<use href="#a"/><image href="data:image/png;base64,AAAA"/>'),
    SVG.format("<style>.a { fill: url(#b); font: 1em sans-serif }</style>"),
    SVG.format('<animate attributeName="opacity" values="0;1" dur="1s"/>'),
    SVG.format('<metadata><m:on xmlns:m="urn:m" onload="no handler here"/></metadata>'),
    '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + SVG.format(""),
    '<数据 to="https://xxgk.shifan.example/"><script>a word of this format</script></数据>',
]

ACTIVE = [
    SVG.format("<script>alert(1)</script>"),
    SVG.format('<s:script xmlns:s="http://www.w3.org/2000/svg" href="b.js"/>'),
    SVG.format('<rect onload="alert(1)"/>'),
    SVG.format('<a href="javascript:alert(1)"/>'),
    SVG.format('<a xlink:href=" java\nscript:alert(1)"/>'),
    SVG.format('<a href="data:text/html,x"/>'),
    SVG.format('<image href="data:image/svg+xml,x"/>'),
    SVG.format('<image href="https://elsewhere.example/pixel.png"/>'),
    SVG.format('<image href="//elsewhere.example/pixel.png"/>'),
    SVG.format("<foreignObject/>"),
    SVG.format('<b xmlns="http://www.w3.org/1999/xhtml"/>'),
    SVG.format('<a><set attributeName="href" to="javascript:alert(1)"/></a>'),
    SVG.format('<animate attributeName="xlink:href" values="javascript:alert(1)"/>'),
    SVG.format("<style>@import 'https://elsewhere.example/a.css';</style>"),
    SVG.format("<style>@im<!-- -->port 'b.css';</style>"),
    SVG.format(r"<style>@\69mport 'b.css';</style>"),
    SVG.format('<rect style="fill: url(https://elsewhere.example/a)"/>'),
    '<?xml-stylesheet href="b.xsl" type="text/xsl"?><a/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    '<a><math xmlns="http://www.w3.org/1998/Math/MathML" href="javascript:alert(1)"/></a>',
]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_drawing_is_offered(text: str) -> None:
    assert problem_in("tu.svg", text.encode()) is None


@pytest.mark.parametrize("text", ACTIVE)
def test_a_drawing_that_would_run_or_fetch_something_is_refused(text: str) -> None:
    problem = problem_in("tu.svg", text.encode())
    assert problem is not None
    assert problem.code == "O102"


def test_entities_that_multiply_are_refused_before_they_do() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    problem = problem_in("a.xml", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l11;</a>'.encode())
    assert problem is not None
    assert problem.code == "O102"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        SVG.format("<script>alert(1)</script>").removesuffix("</svg>").encode()[:-9],
        b"<script>alert(1)",
        b"\x89PNG\r\n\x1a\n",
        '<?xml version="1.0" encoding="gb18030"?><a>值班</a>'.encode("gb18030"),
        b'<?xml version="1.0" encoding="nothing"?><a/>',
    ],
)
def test_what_is_no_whole_xml_is_refused_with_its_place(content: bytes) -> None:
    problem = problem_in("tu.svg", content)
    assert problem is not None
    assert problem.code in ("O102", "O103")
    assert problem.where is not None
    assert problem.where.path == "content/tu.svg"


def _site(root: Path, files: dict[str, str], body: str = "") -> BuildResult:
    assert start_site(root) is None
    listed = ", ".join(files)
    (root / "content/tzgg/tu.md").write_text(
        "---\n标题: 图\n发布日期: 2026-01-05\n责任部门: 党政办公室\n内容概述: 图。\n"
        f"附件: [{listed}]\n---\n\n一张图。\n{body}",
        encoding="utf-8",
    )
    (root / "content/tzgg/tu").mkdir()
    for name, text in files.items():
        (root / "content/tzgg/tu" / name).write_text(text, encoding="utf-8")
    return build(BuildOptions(root, root / "build", jobs=1), NOW, Silent())


def test_a_site_with_programs_among_its_attachments_is_not_built(tmp_path: Path) -> None:
    names = ("a.html", "B.HTM", "c.js", "d.exe", "e.pdf.lnk", "f.shtml", "g.svg", "h.xml", "i.php")
    result = _site(tmp_path / "site", dict.fromkeys(names, ACTIVE[0]))
    assert result.committed is None
    assert [p.code for p in result.problems] == ["A208"] * 7
    (tmp_path / "site/content/tzgg/tu.md").unlink()
    assert not (tmp_path / "site/build").exists()


def test_active_drawings_are_told_all_together_and_again(tmp_path: Path) -> None:
    """What an earlier build found is not forgotten by the next."""
    root = tmp_path / "site"
    result = _site(root, {"g.svg": ACTIVE[0], "h.xml": ACTIVE[-2], "i.svg": HARMLESS[0]})
    for _ in range(2):
        assert [str(p.where) for p in result.problems] == [
            "content/tzgg/tu/g.svg:1",
            "content/tzgg/tu/h.xml:1",
        ]
        result = build(BuildOptions(root, root / "build", jobs=1), NOW, Silent())
    for name in ("g.svg", "h.xml"):
        (root / "content/tzgg/tu" / name).write_text(HARMLESS[0], encoding="utf-8")
    assert build(BuildOptions(root, root / "build", jobs=1), NOW, Silent()).status == 0


def test_a_text_may_not_link_to_a_program(tmp_path: Path) -> None:
    result = _site(tmp_path / "site", {"a.csv": "一,二\n"}, "\n[看](tu/../yemian.html)\n")
    (tmp_path / "site/content/tzgg/yemian.html").write_text("<script>alert(1)</script>")
    root = tmp_path / "site"
    result = build(BuildOptions(root, root / "build", jobs=1), NOW, Silent())
    assert [p.code for p in result.problems] == ["A208"]


def test_no_type_that_runs_has_a_media_type_of_its_own() -> None:
    assert RUNNING.isdisjoint(MEDIA_TYPES)
