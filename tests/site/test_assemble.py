"""Assembling as a whole: it takes anything, in any order, and joins with real history."""

from __future__ import annotations

import dataclasses
import datetime
import os
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from making import KINDS, NEWS, TODAY, card, files, made

from sitegen.config import Settings
from sitegen.site.assemble import assemble
from sitegen.site.cards import (
    AttachmentCard,
    Card,
    ColumnCard,
    DeclaredChange,
    LinkCard,
    Reference,
    TableCard,
)
from sitegen.source.calendar import shipped_calendar
from sitegen.source.history import History, Touch, Trail, read_history

CALENDAR = shipped_calendar()
WORDS = st.sampled_from(
    ["", "a", "b", "A", "公告", "index", "a b", "..", "a.md", "\u202e", "é", "/"]
)
TEXTS = st.one_of(WORDS, st.text(st.characters(exclude_characters="{}"), max_size=5))
PARTS = st.sampled_from(["a", "b", "A", "栏", "x y", "index", "assets"])
SOURCES = st.builds("{}/{}{}".format, PARTS, PARTS, st.sampled_from([".md", ".yaml"]))
PATHS = st.one_of(SOURCES, TEXTS, st.sampled_from(["a/b/p.png", "../x", "/a/b.md", "a", "a/"]))
DATES = st.dates(datetime.date(2025, 1, 1), datetime.date(2028, 1, 1))
ABSENT = st.one_of(st.none(), DATES)
MARKS = st.tuples(st.integers(1, 9), st.integers(1, 9))
ACTS = st.sampled_from(["发布", "修订", "废止", "撤下", "移动"])
CARDS = st.builds(
    Card,
    path=SOURCES,
    kind=st.sampled_from(["article", "policy", "nosuch"]),
    title=TEXTS,
    slug=WORDS,
    index_no=TEXTS,
    doc_no=TEXTS,
    disclosure=st.sampled_from(["主动公开", "主动公开", "依申请公开", "不予公开"]),
    draft=st.booleans(),
    formed_on=ABSENT,
    published_on=ABSENT,
    effective_on=ABSENT,
    expires_on=ABSENT,
    public_until=ABSENT,
    changes=st.lists(
        st.builds(DeclaredChange, DATES, ACTS, TEXTS, minor=st.booleans(), mark=MARKS), max_size=3
    ).map(tuple),
    references=st.lists(
        st.builds(Reference, st.sampled_from(["repeals", "replaces", "amends", "x"]), SOURCES),
        max_size=3,
    ).map(tuple),
    attachments=st.lists(st.builds(AttachmentCard, PATHS, TEXTS, WORDS), max_size=3).map(tuple),
    links=st.lists(st.builds(LinkCard, PATHS, TEXTS), max_size=3).map(tuple),
    files=st.lists(st.builds(LinkCard, PATHS), max_size=2).map(tuple),
    tables=st.lists(st.builds(TableCard, st.just("t_1"), TEXTS, st.just(1)), max_size=2).map(tuple),
    aliases=st.lists(st.tuples(PATHS, MARKS), max_size=2).map(tuple),
)
COLUMNS = st.builds(
    ColumnCard,
    path=st.sampled_from(["", "a", "b", "a/b", "栏"]),
    name=TEXTS,
    slug=WORDS,
    status=st.sampled_from(["active", "archived", "merged"]),
    archived_on=ABSENT,
    merged_into=st.sampled_from(["", "a", "b", "a/b", "栏", "nowhere"]),
    block=st.sampled_from(["", "guide", "rules"]),
    a20_class=st.sampled_from(["", "a20_01"]),
    aliases=st.lists(st.tuples(PATHS, MARKS), max_size=2).map(tuple),
)
TOUCHES = st.builds(
    Touch,
    st.just("0123456789"),
    DATES,
    st.sampled_from(["added", "edited", "moved", "deleted"]),
    SOURCES,
    st.one_of(st.just(""), SOURCES),
    st.booleans(),
)
TRAILS = st.builds(
    Trail,
    SOURCES,
    st.lists(TOUCHES, min_size=1, max_size=3).map(tuple),
    st.one_of(st.none(), st.binary(max_size=20)),
)
HISTORIES = st.builds(
    lambda trails, gone: History(True, files={t.path: t for t in trails}, gone=tuple(gone)),
    st.lists(TRAILS, max_size=4),
    st.lists(TRAILS, max_size=2),
)


@settings(deadline=None)
@given(
    st.lists(CARDS, max_size=6, unique_by=lambda card: card.path),
    st.lists(COLUMNS, max_size=4, unique_by=lambda column: column.path),
    HISTORIES,
    st.lists(PATHS, max_size=4),
    DATES,
    st.booleans(),
)
def test_nothing_raises_and_order_changes_nothing(
    cards: list[Card],
    columns: list[ColumnCard],
    history: History,
    names: list[str],
    as_of: datetime.date,
    drafts: bool,
) -> None:
    def site(cards: list[Card], columns: list[ColumnCard]) -> Any:
        return assemble(
            cards,
            columns,
            Settings("示范"),
            KINDS,
            files(names),
            as_of=as_of,
            history=history,
            calendar=CALENDAR,
            drafts=drafts,
        )

    whole, problems = site(cards, columns)
    again = site(cards[::-1], columns[::-1])
    assert again[1] == problems
    assert dataclasses.replace(again[0], settings=whole.settings) == whole
    assert {*whole.entries} | {out.path for out in whole.left_out} == {c.path for c in cards}
    for problem in problems:
        assert "{" not in problem.message()
    for entry in whole.entries.values():
        assert entry.card.disclosure == "主动公开"
        assert drafts or not entry.card.draft
        assert entry.column in whole.columns
    listed = [path for column in whole.columns.values() for path in column.documents]
    assert sorted(listed) == sorted(p for p, e in whole.entries.items() if e.state == "published")


def test_a_digest_that_cannot_be_read_is_left_to_the_next_build() -> None:
    def gone(path: str) -> str:
        raise FileNotFoundError(path)

    one = card("news/a.md", attachments=(AttachmentCard("x.pdf", ""),))
    site, problems = assemble(
        [one],
        [NEWS],
        Settings("示范"),
        KINDS,
        dataclasses.replace(files(["news/a/x.pdf"]), digest=gone),
        as_of=TODAY,
    )
    assert problems == ()
    assert site.entries["news/a.md"].attachments[0].sha256 == ""


def test_history_as_git_tells_it(tmp_path: Path) -> None:
    content = tmp_path / "site" / "content"

    def git(*arguments: str, day: str = "2026-03-01") -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment |= {
            "GIT_COMMITTER_DATE": f"{day}T04:00:00Z",
            "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
        }
        who = ["-c", "user.name=editor", "-c", "user.email=editor@shifan.example"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, env=environment, check=True)

    def write(name: str, text: str) -> None:
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n标题: {name}\n发布日期: 2026-03-01\n---\n{text}\n" + "段落\n" * 30)

    git("init", "-q")
    for name in ("公告.md", "旧.md", "错.md", "稳.md"):
        write(f"news/{name}", name)
    git("add", ".")
    git("commit", "-q", "-m", "first")
    write("news/公告.md", "改")
    git("mv", "site/content/news/旧.md", "site/content/news/新.md")
    git("rm", "-q", "site/content/news/错.md")
    git("add", ".")
    git("commit", "-q", "-m", "second", day="2026-05-01")

    history, _ = read_history(content, "Asia/Shanghai")
    cards = [
        card("news/公告.md", slug="gonggao"),
        card("news/新.md", slug="xin"),
        card("news/稳.md", slug="wen"),
    ]
    commit = history.head[:8]
    lines = made(cards, history=history, content=[c.path for c in cards])[1]

    assert lines == [
        f"content/news/公告.md:1:1 H201 warning: 公告.md was changed on 2026-05-01 (commit "
        f"{commit}), but no change says so",
        f'content/news/错.md H202: the published document "news/错.md" was removed on 2026-05-01 '
        f"(commit {commit})",
    ]
