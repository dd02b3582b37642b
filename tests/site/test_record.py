"""What git saw is held against what documents declare."""

from __future__ import annotations

from typing import Any

from making import card, day, made

from sitegen.config import Settings
from sitegen.site.cards import AttachmentCard, Card, ColumnCard, DeclaredChange, TableCard
from sitegen.source.history import History, Touch, Trail

SETTINGS = Settings("示范", history_start=day("2026-02-01"))


def trail(path: str, *touches: str, text: str | None = None) -> Trail:
    """A life: ``2026-03-01 edited``, or ``2026-03-01 moved old/path.md``."""
    made_of = []
    for number, touch in enumerate(touches):
        on, act, *old = touch.split(" ")
        commit = f"{number}abcdef0123456789"
        made_of.append(Touch(commit, day(on), act, path, old[0] if old else "", act == "first"))
    last = text.encode() if text is not None else None
    return Trail(path, tuple(made_of), last)


def record(*living: Trail, gone: tuple[Trail, ...] = (), **more: Any) -> History:
    files = {each.path: each for each in living}
    return History(present=True, head="f" * 40, files=files, gone=gone, **more)


def problems(cards: list[Card], history: History, **more: Any) -> list[str]:
    more.setdefault("settings", SETTINGS)
    return made(cards, history=history, **more)[1]


def change(on: str, act: str = "修订", minor: bool = False) -> DeclaredChange:
    return DeclaredChange(day(on), act, "说明", minor=minor)


EDITED = trail("news/a.md", "2026-03-01 added", "2026-05-01 edited", "2026-05-01 edited")
UNDECLARED = (
    "content/news/a.md:9:1 H201 warning: a.md was changed on 2026-05-01 (commit 2abcdef0), "
    "but no change says so"
)
MARKS = {"changes": (9, 1), "published_on": (3, 15), "aliases": (4, 1)}


def test_without_history_the_documents_speak_alone() -> None:
    site, found = made([card("news/a.md")])
    assert (found, site.revision, len(site.log)) == ([], "", 1)


def test_the_commit_that_was_built_is_told() -> None:
    assert made([card("news/a.md")], history=record())[0].revision == "f" * 40


def test_an_edit_without_a_change_is_told_once_a_day() -> None:
    assert problems([card("news/a.md", marks=MARKS)], record(EDITED)) == [UNDECLARED]


def test_an_edit_near_a_declared_change_is_right() -> None:
    for on in ("2026-04-28", "2026-05-04"):
        one = card("news/a.md", marks=MARKS, changes=(change(on, minor=True),))
        assert problems([one], record(EDITED)) == []
    for on in ("2026-04-27", "2026-05-05"):
        one = card("news/a.md", marks=MARKS, changes=(change(on),))
        assert problems([one], record(EDITED)) == [UNDECLARED]


def test_the_tolerance_is_a_setting() -> None:
    one = card("news/a.md", changes=(change("2026-05-02"),), marks=MARKS)
    strict = Settings("示范", history_start=day("2026-02-01"), history_tolerance_days=0)
    assert problems([one], record(EDITED), settings=strict) == [UNDECLARED]


def test_work_before_and_around_publication_is_no_edit() -> None:
    life = trail("news/a.md", "2026-02-20 added", "2026-02-25 edited", "2026-03-04 edited")
    assert problems([card("news/a.md", "2026-03-01")], record(life)) == []


def test_nothing_before_the_start_of_the_record_is_examined() -> None:
    later = Settings("示范", history_start=day("2026-05-02"))
    assert problems([card("news/a.md")], record(EDITED), settings=later) == []


def test_without_a_start_all_but_the_first_commit_is_examined() -> None:
    open_ended = Settings("示范")
    life = trail("news/a.md", "2026-04-01 first", "2026-05-01 edited", "2026-05-01 edited")
    old = trail("news/b.md", "2026-04-01 first")
    cards = [card("news/a.md", "2026-03-01", marks=MARKS), card("news/b.md", "2020-01-01")]
    assert problems(cards, record(life, old), settings=open_ended) == [UNDECLARED]


def test_drafts_and_tombstones_of_the_future_are_left_in_peace() -> None:
    assert problems([card("news/a.md", draft=True)], record(EDITED)) == []
    assert problems([card("news/a.md", "2027-01-01")], record(EDITED)) == []


def test_edits_of_data_and_attachments_are_edits_of_the_document() -> None:
    one = card(
        "news/a.md",
        tables=(TableCard("t", "表", 1, "news/a/data.xlsx"),),
        attachments=(AttachmentCard("附件.pdf", ""),),
        marks=MARKS,
    )
    data = trail("news/a/data.xlsx", "2026-03-01 added", "2026-05-01 edited")
    attached = trail("news/a/附件.pdf", "2026-03-01 added", "2026-06-01 edited")
    content = ["news/a.md", "news/a/data.xlsx", "news/a/附件.pdf"]
    assert problems([one], record(data, attached), content=content) == [
        "content/news/a.md:9:1 H201 warning: data.xlsx was changed on 2026-05-01 (commit "
        "1abcdef0), but no change says so",
        "content/news/a.md:9:1 H201 warning: 附件.pdf was changed on 2026-06-01 (commit "
        "1abcdef0), but no change says so",
    ]


def test_a_date_of_publication_long_before_the_document_was_there() -> None:
    life = trail("news/a.md", "2026-03-05 added")
    cards = [card("news/a.md", "2026-03-01", marks=MARKS)]
    assert problems(cards, record(life)) == [
        "content/news/a.md:3:15 H204 warning: published_on is 2026-03-01, but the document first "
        "appeared on 2026-03-05 (commit 0abcdef0)"
    ]
    assert problems([card("news/a.md", "2026-03-02")], record(life)) == []


VANISHED = trail(
    "news/old.md",
    "2026-03-01 added",
    "2026-05-01 deleted",
    text="---\n标题: 关于某事的公告\n发布日期: 2026年3月1日\n---\n正文",
)


def test_a_published_document_that_vanished_is_an_error() -> None:
    found = problems([], record(gone=(VANISHED,)))
    assert found == [
        'content/news/old.md H202: the published document "关于某事的公告" was removed on '
        "2026-05-01 (commit 1abcdef0)"
    ]


def test_a_vanished_document_whose_address_still_leads_somewhere_is_right() -> None:
    for cards in (
        [card("news/new.md", aliases=(("news/old.html", (3, 3)),))],
        [card("news/old.yaml")],
    ):
        assert problems(cards, record(gone=(VANISHED,))) == []


def test_what_was_not_public_may_vanish() -> None:
    for text in (
        "---\ndraft: true\npublished_on: 2026-03-01\n---\n",
        "---\n草稿: 是\n---\n",
        "published_on: 2026-05-02\n",
        "公开方式: 依申请公开\n发布日期: 2026-03-01\n",
    ):
        gone = trail("news/old.md", "2026-03-01 added", "2026-05-01 deleted", text=text)
        assert problems([], record(gone=(gone,))) == []
    for path in ("news/_column.yaml", "site.yaml", "kinds/x.yaml", "news/x.pdf"):
        gone = trail(path, "2026-03-01 added", "2026-05-01 deleted", text="a: b")
        assert problems([], record(gone=(gone,))) == []


def test_what_vanished_before_the_record_is_forgotten() -> None:
    gone = trail("news/old.md", "2026-01-01 added", "2026-01-02 deleted", text="title: x")
    assert problems([], record(gone=(gone,))) == []


def test_a_slug_of_the_past_is_part_of_the_old_address() -> None:
    text = "---\ntitle: 公告\nslug: gonggao\npublished_on: 2026-03-01\n---\n"
    gone = trail("news/公告.md", "2026-03-01 added", "2026-05-01 deleted", text=text)
    one = card("news/b.md", aliases=(("news/gonggao.html", (3, 3)),))
    assert problems([one], record(gone=(gone,))) == []


def test_a_document_missing_without_a_commit_is_a_warning() -> None:
    life = trail("news/a.md", "2026-03-01 added")
    content = ["news/b.md"]
    found = problems([card("news/b.md")], record(life), content=content)
    assert found == ["content/news/a.md H207 warning: this file is committed, but no longer there"]


def test_a_moved_document_needs_its_old_address() -> None:
    life = trail("news/new.md", "2026-02-02 added", "2026-05-01 moved news/2025/old.md")
    cards = [card("news/new.md", "2026-02-02", marks=MARKS)]
    assert problems(cards, record(life)) == [
        "content/news/new.md:4:1 H203: the document was moved on 2026-05-01; its old address "
        "news/2025/old.html now leads nowhere"
    ]
    mended = card("news/new.md", "2026-02-02", aliases=(("news/2025/old.html", (4, 3)),))
    assert problems([mended], record(life)) == []


def test_a_move_that_changes_no_address_or_nothing_public_is_free() -> None:
    life = trail("news/a.md", "2026-02-02 added", "2026-05-01 moved news/a.yaml")
    assert problems([card("news/a.md", "2026-02-02")], record(life)) == []
    life = trail("news/a.md", "2026-02-02 added", "2026-05-01 moved news/b.md")
    assert problems([card("news/a.md", "2026-05-02")], record(life)) == []


def test_a_folder_of_the_past_has_the_slug_that_its_column_has_now() -> None:
    columns = [ColumnCard("通知", "通知", slug="tz", owner="x", update_rule="on_event")]
    life = trail("通知/b.md", "2026-02-02 added", "2026-05-01 moved 通知/a.md")
    found = problems([card("通知/b.md", "2026-02-02")], record(life), columns=columns)
    assert "its old address tz/a.html" in found[0]


def test_a_slug_goes_with_its_column_when_the_folder_is_renamed() -> None:
    columns = [ColumnCard("公告", "公告", slug="gg", owner="x", update_rule="on_event")]
    folder = trail("公告/_column.yaml", "2026-02-02 added", "2026-05-01 moved 通知/_column.yaml")
    life = trail("公告/a.md", "2026-02-02 added", "2026-05-01 moved 通知/a.md")
    cards = [card("公告/a.md", "2026-02-02")]
    assert problems(cards, record(life, folder), columns=columns) == []
    (unknown,) = problems(cards, record(life), columns=columns)
    assert "its old address … now leads nowhere" in unknown


def test_a_shallow_clone_is_a_warning_and_for_a_release_an_error() -> None:
    life = trail("news/a.md", "2026-05-01 added")
    history = record(life, shallow=True)
    line = ": the repository is a shallow clone: its history is cut off"
    assert problems([card("news/a.md")], history) == ["content H205 warning" + line]
    assert problems([card("news/a.md")], history, release=True) == ["content H205" + line]


def test_a_release_holds_only_what_is_committed() -> None:
    history = record(uncommitted=("news/a.md",))
    line = (
        "content/news/a.md H206: this file differs from what is committed; "
        "a release holds only what is committed"
    )
    assert problems([card("news/a.md")], history) == []
    assert problems([card("news/a.md")], history, release=True) == [line]
