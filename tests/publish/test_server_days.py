"""The server on bad days and on every day: what fails, what is done again, what comes by itself."""

from __future__ import annotations

import datetime
import fcntl
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loopback import environment, git
from pushing import BROKEN, Clerk, Server, make_both, run

from sitegen.engine.reporter import Silent
from sitegen.publish.server.layout import Layout, read_settings
from sitegen.publish.server.receiving import Desk, Received, check, rebuild, updates_of


def desk(server: Server) -> Desk:
    layout = Layout(server.folder)
    settings, problems = read_settings(layout)
    assert settings is not None, problems
    return Desk(layout, settings, Silent(), lambda: None)


def rebuilt(server: Server, day: str) -> Received:
    now = datetime.datetime.fromisoformat(f"{day}T02:00:00+08:00")
    return rebuild(desk(server), now)


# When something fails


def test_what_got_in_but_was_not_published_is_published_later(alone: Clerk):
    server = alone.server
    hook = server.repository / "hooks/post-receive"
    script = hook.read_text("utf-8")
    hook.write_text("#!/bin/sh\nkill -9 $$\n")
    before, new = server.current, alone.write("chi.md", title="迟到的通知")
    alone.push()
    assert (server.current, server.head()) == (before, new)
    hook.write_text(script, "utf-8")
    status, _out, err = run("server", "rebuild", str(server.folder))
    assert status == 0, err
    assert "迟到的通知" in server.page("tzgg/chi.html")


def test_nothing_gets_in_when_sitegen_is_lost(alone: Clerk):
    server = alone.server
    hook = server.repository / "hooks/pre-receive"
    hook.write_text(hook.read_text("utf-8").replace(sys.executable, "/nowhere/python"), "utf-8")
    before = server.head()
    alone.write("chi.md")
    pushed = alone.push()
    assert pushed.status != 0
    assert "server init" in pushed.told
    assert server.head() == before


def test_nothing_gets_in_when_the_server_was_moved_and_not_told(pattern: Path, tmp_path: Path):
    shutil.copytree(pattern, tmp_path / "own", symlinks=True)
    (pattern / "srv").rename(pattern / "away")
    try:
        clerk = Clerk(tmp_path / "own/site", Server(tmp_path / "own/srv"))
        before = clerk.server.head()
        clerk.write("yi.md")
        pushed = clerk.push()
        assert pushed.status != 0
        assert "P405" in pushed.told
        assert clerk.server.head() == before
    finally:
        (pattern / "away").rename(pattern / "srv")


def test_a_damaged_or_lost_build_area_is_made_anew(alone: Clerk):
    area = alone.server.folder / "build/site"
    (area / ".git/index").write_bytes(b"broken")
    (area / ".git/HEAD.lock").write_bytes(b"")
    (area / "content/tzgg/fremd.md").write_text("not committed")
    alone.write("yi.md", title="损坏之后")
    pushed = alone.push()
    assert pushed.status == 0, pushed.told
    shutil.rmtree(alone.server.folder / "build")
    alone.write("er.md", title="删除之后")
    pushed = alone.push()
    assert pushed.status == 0, pushed.told
    assert alone.server.page("tzgg/yi.html")
    assert alone.server.page("tzgg/er.html")
    assert not alone.server.page("tzgg/fremd.html")


def test_damaged_settings_of_the_server_refuse_the_push(alone: Clerk):
    (alone.server.folder / "server.json").write_text("{")
    before = alone.server.head()
    alone.write("yi.md")
    pushed = alone.push()
    assert pushed.status != 0
    assert "P404" in pushed.told
    assert alone.server.head() == before


def test_publishing_goes_on_when_the_pusher_goes_away(alone: Clerk):
    """The hook as git runs it, with nobody who reads what it says, and a hangup."""
    server = alone.server
    old, new = server.head(), alone.write("zou.md", title="人走了的通知")
    assert alone.push("HEAD:refs/heads/other").status == 0
    git(server.repository, "update-ref", "refs/heads/main", new)
    process = subprocess.Popen(
        [server.repository / "hooks/post-receive"],
        cwd=server.repository,
        env=environment(server.folder) | {"GIT_DIR": "."},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.close()
    process.stdin.write(f"{old} {new} refs/heads/main\n".encode())
    process.stdin.close()
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
        if (server.folder / "build/site/content/tzgg/zou.md").exists():
            process.send_signal(1)
    assert process.returncode == 0
    assert "人走了的通知" in server.page("tzgg/zou.html")


# Every day


def test_the_daily_rebuild_publishes_only_when_something_differs(alone: Clerk):
    server = alone.server
    today = datetime.date.today()
    later = (today + datetime.timedelta(days=40)).isoformat()
    soon = (today + datetime.timedelta(days=20)).isoformat()
    alone.write("jiang.md", title="将来的通知", day=soon)
    assert alone.push().status == 0
    assert not server.page("tzgg/jiang.html")
    before = server.current
    same = rebuilt(server, today.isoformat())
    assert (same.status, server.current) == (0, before)
    assert same.published is not None
    assert same.published.unchanged
    done = rebuilt(server, later)
    assert done.status == 0, done.problems
    assert server.current != before
    assert "将来的通知" in server.page("tzgg/jiang.html")


def test_a_site_that_was_taken_back_stays_there_until_the_next_push(alone: Clerk):
    server = alone.server
    first = server.current
    alone.write("cuo.md", title="发错的通知")
    assert alone.push().status == 0
    assert run("rollback", "--to", str(server.base))[0] == 0
    assert server.current == first
    held = rebuilt(server, "2027-01-05")
    assert (held.status, held.held, server.current) == (0, first, first)
    status, _out, err = run("server", "rebuild", str(server.folder))
    assert status == 0
    assert "已退回到" in err
    alone.write("dui.md", title="改好的通知")
    assert alone.push().status == 0
    assert server.page("tzgg/dui.html")


def test_a_server_without_a_push_has_nothing_to_rebuild(tmp_path: Path):
    clerk = make_both(tmp_path)
    status, out, err = run("server", "rebuild", str(clerk.server.folder), "--quiet")
    assert (status, out, err) == (0, "", "")


def test_the_web_server_is_reloaded_only_for_names_of_attachments(alone: Clerk):
    server = alone.server
    count = server.folder / "reloads"
    server.edit_settings(reload=["sh", "-c", f"echo x >> {count}"])
    alone.write("yi.md")
    assert alone.push().status == 0
    assert not count.exists()
    folder = alone.root / "content/tzgg/fu"
    folder.mkdir()
    (folder / "申请表.txt").write_text("表", "utf-8")
    alone.write("fu.md", "---\n标题: 附件\n发布日期: 2026-03-02\n责任部门: 办公室\n内容概述: 附件\n"
                "附件: [申请表.txt]\n---\n正文\n")  # fmt: skip
    pushed = alone.push()
    assert pushed.status == 0, pushed.told
    assert count.read_text() == "x\n"
    server.edit_settings(reload=["false"])
    (folder / "申请表.txt").rename(folder / "新表.txt")
    alone.write("fu.md", (alone.root / "content/tzgg/fu.md").read_text("utf-8").replace(
        "申请表", "新表"))  # fmt: skip
    pushed = alone.push()
    assert pushed.status == 0, pushed.told
    assert "P421" in pushed.told


# Inside


def as_hook(
    monkeypatch: pytest.MonkeyPatch, act: str, server: Server, *lines: str
) -> tuple[int, str]:
    """What a hook does, in this process."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    status, _out, err = run("server", act, str(server.folder))
    return status, err


def test_each_hook_does_its_part(alone: Clerk, monkeypatch: pytest.MonkeyPatch):
    server, old = alone.server, alone.server.head()
    broken = alone.write("yi.md", BROKEN)
    good = alone.write("yi.md", title="好的通知")
    assert alone.push("HEAD:refs/heads/caogao").status == 0
    status, told = as_hook(monkeypatch, "pre-receive", server, f"{old} {broken} refs/heads/main")
    assert status == 1
    assert "有 1 个错误，本次推送未被接收" in told
    status, told = as_hook(monkeypatch, "pre-receive", server, f"{old} {good} refs/heads/main")
    assert status == 0, told
    assert not server.page("tzgg/yi.html")
    git(server.repository, "update-ref", "refs/heads/main", good)
    status, told = as_hook(monkeypatch, "post-receive", server, f"{old} {good} refs/heads/main")
    assert status == 0, told
    assert "好的通知" in server.page("tzgg/yi.html")
    assert as_hook(monkeypatch, "post-receive", server, f"{old} {good} refs/tags/x") == (0, "")
    acts = [line.split("\t")[1] for line in (server.folder / "log/pushes.tsv").open()]
    assert acts[-3:] == ["pre-receive", "pre-receive", "post-receive"]


@pytest.mark.parametrize(
    ("act", "words"),
    [("pre-receive", "未被接收"), ("post-receive", "已入库"), ("rebuild", "没有发布")],
)
def test_a_full_disk_leaves_everything_and_is_told(
    started: Clerk, monkeypatch: pytest.MonkeyPatch, act: str, words: str
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/srv/x")

    monkeypatch.setattr("sitegen.publish.server.receiving.publish", full)
    before, head = started.server.current, started.server.head()
    status, told = as_hook(monkeypatch, act, started.server, f"{head} {head} refs/heads/main")
    assert status == 3
    assert "No space left on device" in told
    assert words in told
    assert started.server.current == before


def test_the_lines_of_a_hook_are_read():
    zero, one = "0" * 40, "1" * 40
    made, gone = updates_of([f"{zero} {one} refs/heads/a b\n", f"{one} {zero} refs/heads/x\n", ""])
    assert made.creates
    assert not made.deletes
    assert made.ref == "refs/heads/a b"
    assert gone.deletes


def test_a_queue_that_takes_too_long_refuses(started: Clerk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sitegen.publish.server.receiving._LONGEST_QUEUE", 0.3)
    head = started.server.head()
    updates = updates_of([f"{head} {head} refs/heads/main"])
    now = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    with (started.server.folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        received = check(desk(started.server), updates, None, now)
        assert rebuilt(started.server, "2026-11-23").status == 3
    assert received.status == 3
    assert [problem.code for problem in received.problems] == ["P416"]


def test_who_is_no_server_is_told_so(tmp_path: Path):
    status, _out, err = run("server", "rebuild", str(tmp_path))
    assert status == 2
    assert "P405" in err
    assert os.listdir(tmp_path) == []  # noqa: PTH208
