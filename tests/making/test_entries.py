"""A site whose entries are bytes says the same as one of objects, and gives the same outputs."""

from __future__ import annotations

import datetime
from pathlib import Path

import editedsite
import pytest
from editedsite import article, make_site, write

from sitegen.config import Settings
from sitegen.engine.store import DamagedError
from sitegen.kinds.kind import Kinds
from sitegen.making import session
from sitegen.making.entries import EntryBytes, PackedEntries
from sitegen.making.sitestate import SiteState
from sitegen.site import catalogue, questions
from sitegen.site.cards import Card
from sitegen.site.site import Attachment, Change, Column, Entry, Site

DAY = datetime.date(2026, 3, 2)


def an_entry(number: int) -> Entry:
    """An entry with something in every field; some have little."""
    path = f"tzgg/x{number}.md"
    if number % 2:
        return Entry(Card(path, "article", f"第{number}号"), f"tzgg/x{number}.html", "tzgg")
    change = Change(DAY, "修订", "题", path, "tzgg", "财政局", "改", "a.html")
    small = Change(DAY + datetime.timedelta(1), "修订", "题", path, "tzgg", "财政局", minor=True)
    file = Attachment("a.pdf", "a.pdf", "附件", "附件.pdf", 12, "ab", "application/pdf")
    marks = {"title": (1, 2)}
    card = Card(path, "article", "题", issuer="财政局", published_on=DAY, order=3, marks=marks)
    return Entry(
        card, f"tzgg/x{number}.html", "tzgg", "withdrawn", "有效", DAY, DAY, (), (small, change),
        (file,), "tzgg/x0.md", None,
    )  # fmt: skip


ENTRIES = {f"tzgg/x{number}.md": an_entry(number) for number in range(6)}


def test_every_field_of_an_entry_comes_back_before_and_after_all_of_it_is_decoded() -> None:
    packed = PackedEntries(EntryBytes.load(EntryBytes.of(ENTRIES).packed()))
    assert list(packed) == list(ENTRIES)
    for path, entry in ENTRIES.items():
        for name in (*Entry.__struct_fields__, "path", "changed_on"):
            packed.last.clear()
            if name != "card":
                assert getattr(packed[path], name) == getattr(entry, name)
        for name in Card.__struct_fields__:
            packed.last.clear()
            assert getattr(packed[path].card, name) == getattr(entry.card, name)
        assert packed.whole(path) == entry == packed[path]


def test_what_questions_about_all_documents_ask_decodes_none_in_full() -> None:
    packed = PackedEntries(EntryBytes.of(ENTRIES))
    for entry in packed.values():
        assert entry.state in ("published", "withdrawn")
        assert entry.card.title
        assert entry.card.order in (0, 3)
        assert {entry.card.published_on, entry.changed_on} <= {None, DAY}
    assert not packed.last


def test_settled_entries_say_the_same_and_keep_no_beginnings() -> None:
    packed = PackedEntries(EntryBytes.of(ENTRIES))
    assert [entry.card.title for entry in packed.values()]
    packed.settle()
    assert [path for path, _ in packed.items()] == list(ENTRIES)
    for (path, entry), passed in zip(ENTRIES.items(), packed.values(), strict=True):
        assert (passed.path, passed.state, passed.changed_on) == (
            path,
            entry.state,
            entry.changed_on,
        )
        assert passed.attachments == entry.attachments
        assert packed[path] == entry
    assert not packed._early


def test_what_has_been_settled_is_answered_without_looking_at_any_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    column = Column("tzgg", "tzgg/", "通知公告", "", documents=tuple(ENTRIES))
    root = Column("", "", "首页", None, ("tzgg",))
    log = tuple(change for entry in ENTRIES.values() for change in entry.changes)
    whole = Site(Settings(name="站"), Kinds((), {}), DAY, {"": root, "tzgg": column}, ENTRIES, log)
    light = SiteState.of(whole, ()).light()
    light.settle()
    monkeypatch.setattr(EntryBytes, "_at", None)
    for path in ("", "tzgg"):
        for ask, *more in (
            (questions.documents_of,), (questions.years_of,), (questions.count_below,),
            (questions.newest_below, 9), (questions.newest_changed, 9), (questions.has_changes,),
            (questions.column_changes, 9), (questions.last_change_below,),
        ):  # fmt: skip
            assert light.site.ask(ask, path, *more) == whole.ask(ask, path, *more)
    assert light.site.ask(catalogue.listed, 1, 9) == whole.ask(catalogue.listed, 1, 9)
    assert light.site.ask(questions.log_months) == whole.ask(questions.log_months)


def test_few_entries_are_kept_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.making.entries._LAST", 2)
    packed = PackedEntries(EntryBytes.of(ENTRIES))
    assert [packed.whole(path) for path in ENTRIES] == list(ENTRIES.values())
    assert list(packed.last) == list(ENTRIES)[-2:]


def test_entries_that_differ_are_found_by_their_bytes() -> None:
    other = {path: entry for path, entry in ENTRIES.items() if path != "tzgg/x0.md"}
    other |= {"tzgg/x3.md": an_entry(4), "tzgg/y.md": an_entry(1)}
    changed = EntryBytes.of(other).differing(EntryBytes.of(ENTRIES))
    assert changed == ["tzgg/x3.md", "tzgg/y.md", "tzgg/x0.md"]
    assert EntryBytes.of(ENTRIES).differing(EntryBytes.of(ENTRIES)) == []
    assert EntryBytes.of({}).packed() == EntryBytes.load(EntryBytes.of({}).packed()).packed()


def test_damaged_entries_say_so() -> None:
    with pytest.raises(DamagedError):
        EntryBytes.load(b"\x90")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_large_site_is_built_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    made, light = [], []
    state_light = SiteState.light
    monkeypatch.setattr(SiteState, "light", lambda s: light.append(1) or state_light(s))
    for large in (0, 1_000_000):
        monkeypatch.setattr(session, "_LARGE", large)
        root = make_site(tmp_path / f"{large}")
        for number in range(70):
            text = article(f"第{number}号", f"2026-0{number % 9 + 1}-02", "正文。")
            write(root, f"content/tzgg/x{number}.md", text)
        assert editedsite.run(root, jobs=jobs).status == 0
        made.append(editedsite.tree(root / "build"))
    assert light == [1]
    assert made[0] == made[1]
