"""Push to publish, with real git: what gets in becomes public, and what has errors does not."""

from __future__ import annotations

import datetime
import fcntl
import io
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from loopback import commit, environment, git, ssh_server
from publishedsite import faults
from pushing import BROKEN, Clerk, Server, make_both, make_server, run
from webserver import free_port
from webserver import started as started_nginx

from sitegen.engine.reporter import Silent
from sitegen.publish.server.layout import Layout, read_settings
from sitegen.publish.server.receiving import Desk, Received, check, rebuild, updates_of


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Clerk:
    """A server with one push."""
    clerk = make_both(tmp_path_factory.mktemp("both"))
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    return clerk


@pytest.fixture
def clerk(started: Clerk, tmp_path: Path) -> Clerk:
    """A clerk with a clone of their own, up to date."""
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(started.server.repository), "site")
    (tmp_path / "home").mkdir()
    return Clerk(tmp_path / "site", started.server)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a server and a clerk, after one push: to be copied."""
    folder = tmp_path_factory.mktemp("pattern") / "both"
    pushed = make_both(folder).push()
    assert pushed.status == 0, pushed.told
    return folder


@pytest.fixture
def alone(pattern: Path, tmp_path: Path) -> Clerk:
    """A server of one's own, with one push: moved there, and told where it is by setting it up."""
    shutil.copytree(pattern, tmp_path / "own", symlinks=True)
    return Clerk(tmp_path / "own/site", make_server(tmp_path / "own/srv"))


def desk(server: Server) -> Desk:
    layout = Layout(server.folder)
    settings, problems = read_settings(layout)
    assert settings is not None, problems
    return Desk(layout, settings, Silent(), lambda: None)


def rebuilt(server: Server, day: str) -> Received:
    now = datetime.datetime.fromisoformat(f"{day}T02:00:00+08:00")
    return rebuild(desk(server), now)


# What a clerk sees


def test_the_first_push_after_setting_up_publishes(started: Clerk):
    server = started.server
    assert "<html" in server.page("index.html")
    assert (server.base / "current/manifest.json.sig").exists()
    assert not faults(server.base)
    status, _out, err = run("verify", str(server.base / "current"))
    assert status == 0, err


def test_a_push_is_public_at_once_and_its_news_are_told_in_chinese(clerk: Clerk):
    new = clerk.write("kaifang.md", title="关于周六开放的通知")
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    assert "检查通过" in pushed.told
    assert "已发布到" in pushed.told
    assert "关于周六开放的通知" in clerk.server.page("tzgg/kaifang.html")
    assert clerk.server.head() == new
    assert pushed.told.count("读取信息") == 1  # built once


def test_a_push_with_errors_is_refused_before_it_enters(clerk: Clerk):
    before = (clerk.server.current, clerk.server.head())
    clerk.write("huai.md", BROKEN)
    pushed = clerk.push()
    assert pushed.status != 0
    assert "content/tzgg/huai.md:2:9: 错误" in pushed.told
    assert "broken: [" in pushed.told  # the line itself
    assert "网站保持原样" in pushed.told
    assert (clerk.server.current, clerk.server.head()) == before
    clerk.write("huai.md", title="已经改好的通知")  # the refused commit is among its forebears
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    assert "已经改好的通知" in clerk.server.page("tzgg/huai.html")


def test_many_errors_are_told_in_part_and_kept_as_a_whole(clerk: Clerk):
    for number in range(30):
        (clerk.root / f"content/tzgg/cuo-{number}.md").write_text(BROKEN)
    broken = commit(clerk.root)
    pushed = clerk.push()
    assert pushed.status != 0
    assert pushed.told.count("错误 S215") == 20
    assert re.search(r"另有 \d\d 条，完整清单在服务器上", pushed.told)
    (log,) = (clerk.server.folder / "log").glob(f"*-pre-receive-{broken[:10]}.txt")
    assert log.read_text("utf-8").count("错误 S215") == 30


def test_other_branches_and_tags_are_taken_and_not_looked_at(clerk: Clerk):
    before = clerk.server.current
    clerk.write("huai.md", BROKEN)
    git(clerk.root, "tag", "v1")
    for ref in ("HEAD:refs/heads/caogao", "v1"):
        pushed = clerk.push(ref)
        assert pushed.status == 0, pushed.told
        assert "remote:" not in pushed.told
    assert clerk.server.head("caogao")
    assert clerk.server.current == before
    assert clerk.push(":refs/heads/caogao").status == 0


@pytest.mark.parametrize(("ref", "code"), [(":main", "P411"), ("+HEAD~1:refs/heads/main", "P412")])
def test_what_is_public_is_neither_deleted_nor_taken_back(clerk: Clerk, ref: str, code: str):
    clerk.write(f"{code}.md".lower(), title=code)
    assert clerk.push().status == 0
    before = (clerk.server.current, clerk.server.head())
    pushed = clerk.push(ref)
    assert pushed.status != 0
    assert code in pushed.told
    assert (clerk.server.current, clerk.server.head()) == before


def test_something_else_than_a_commit_is_refused(clerk: Clerk):
    before = clerk.server.head()
    blob = git(clerk.root, "rev-parse", "HEAD:content/site.yaml").strip()
    pushed = clerk.push(f"+{blob}:refs/heads/main")
    assert pushed.status != 0
    assert clerk.server.head() == before


def test_a_shallow_clone_cannot_take_the_history_away(clerk: Clerk, tmp_path: Path):
    git(tmp_path, "clone", "--quiet", "--depth=1", "-b", "main",
        f"file://{clerk.server.repository}", "shallow")  # fmt: skip
    git(tmp_path / "shallow", "checkout", "--quiet", "--orphan", "new")
    commit(tmp_path / "shallow", "没有历史")
    shallow = Clerk(tmp_path / "shallow", clerk.server)
    pushed = shallow.push("+HEAD:main")
    assert pushed.status != 0
    assert "P412" in pushed.told


def test_a_push_waits_for_the_one_before_it(clerk: Clerk):
    new = clerk.write("paidui.md", title="排队的通知")
    with (clerk.server.folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = clerk.begin()
        assert process.stdout is not None
        told = process.stdout.readline()
        while told and "请稍候" not in told:
            told = process.stdout.readline()
        assert "前面还有一次发布" in told
        assert clerk.server.head() != new
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "排队的通知" in clerk.server.page("tzgg/paidui.html")


def test_two_who_push_at_once_never_interleave(clerk: Clerk, tmp_path: Path):
    git(tmp_path, "clone", "--quiet", str(clerk.server.repository), "other")
    other = Clerk(tmp_path / "other", clerk.server)
    clerk.write("yi.md", title="第一位的通知")
    other.write("er.md", title="第二位的通知")
    processes = [clerk.begin(), other.begin()]
    told = [process.communicate(timeout=120)[0] for process in processes]
    assert sorted(process.returncode == 0 for process in processes) == [False, True], told
    won = "yi" if processes[0].returncode == 0 else "er"
    assert clerk.server.page(f"tzgg/{won}.html")
    assert not faults(clerk.server.base)


def test_a_push_works_whatever_the_surroundings(clerk: Clerk, tmp_path: Path):
    """No HOME, a plain locale, a closed umask, hooks switched off by the pusher's configuration."""
    (tmp_path / "home/.gitconfig").write_text(
        f"[core]\n\thooksPath = {tmp_path}/none\n[receive]\n\tfsckObjects = false\n"
    )
    clerk.write("huai.md", BROKEN)
    assert clerk.push().status != 0  # the hooks run
    git(clerk.root, "reset", "--quiet", "--hard", "HEAD~1")
    (clerk.root / "content/tzgg/中文名.md").write_text("---\n标题: 无名\nslug: wuming\n"
        "发布日期: 2026-03-02\n责任部门: 办公室\n内容概述: 无名\n---\n正文\n", "utf-8")  # fmt: skip
    commit(clerk.root)
    words = ["sh", "-c", 'umask 077; exec "$@"', "sh", "git", "push", "-q",
             str(clerk.server.repository), "HEAD:main"]  # fmt: skip
    bare = {k: v for k, v in environment(tmp_path).items() if k == "PATH"} | {"LC_ALL": "C"}
    done = subprocess.run(words, cwd=clerk.root, env=bare, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert "检查通过" in done.stderr.decode("utf-8")
    page = clerk.server.base / "current/tzgg/wuming.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o444
    for folder in (page.parent, page.parent.parent, clerk.server.base):
        assert stat.S_IMODE(folder.resolve().stat().st_mode) & 0o055 == 0o055


def test_a_push_over_ssh_shows_the_same(clerk: Clerk, tmp_path: Path):
    clerk.write("huai.md", BROKEN)
    only_git = (
        'restrict,command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""'  # as docs/server.md says
    )
    with ssh_server(tmp_path / "ssh", restriction=only_git) as ssh:
        assert ssh.run("id").returncode != 0
        words = ["git", "push", "-q", ssh.address(clerk.server.repository), "HEAD:main"]
        env = environment(tmp_path) | {"GIT_SSH_COMMAND": shlex.join(ssh.ssh)}
        refused = subprocess.run(words, cwd=clerk.root, env=env, capture_output=True)
        assert refused.returncode != 0
        assert "content/tzgg/huai.md:2:9: 错误" in refused.stderr.decode("utf-8")
        clerk.write("huai.md", title="经过 ssh 的通知")
        done = subprocess.run(words, cwd=clerk.root, env=env, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    assert "经过 ssh 的通知" in clerk.server.page("tzgg/huai.html")


def test_what_was_pushed_is_what_citizens_get(tmp_path: Path):
    """All of it together: push, the configuration as it was written, nginx, verify from outside."""
    port = free_port()
    clerk = make_both(tmp_path, "--port", str(port))
    server = clerk.server
    folder = clerk.root / "content/tzgg/fu"
    folder.mkdir()
    (folder / "申请表.docx").write_bytes(zipped())
    clerk.write(
        "fu.md",
        "---\n标题: 附件\n发布日期: 2026-03-02\n责任部门: 办公室\n内容概述: 附件\n"
        "旧地址: [/old/fu.html]\n附件: [{file: 申请表.docx, slug: shenqing}]\n---\n正文\n",
    )
    clerk.write("che.md", "---\n标题: 撤下\n发布日期: 2026-03-02\n责任部门: 办公室\n内容概述: 撤\n"
                "变更: [{日期: 2026-03-03, 动作: 撤下, 说明: 内容有误}]\n---\n正文\n")  # fmt: skip
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    included = [server.folder / "nginx" / name for name in ("once.conf", "site.conf")]
    (tmp_path / "nginx").mkdir()
    with started_nginx(tmp_path / "nginx", included, port) as nginx:
        home = nginx.ask("/", accept_encoding="gzip")
        assert (home.status, home.headers["content-encoding"]) == (200, "gzip")
        assert nginx.ask("/old/fu.html").headers["location"] == "/tzgg/fu.html"
        gone = nginx.ask("/tzgg/che.html")
        assert gone.status == 410
        assert "内容有误" in gone.body.decode("utf-8")
        style = re.search(r'href="(assets/[^"]+\.css)"', nginx.ask("/").body.decode("utf-8"))
        assert style
        assert "immutable" in nginx.ask("/" + style[1]).headers["cache-control"]
        saved = nginx.ask("/tzgg/fu/shenqing.docx").headers["content-disposition"]
        assert quote("申请表.docx") in saved
        status, out, err = run("verify", f"http://127.0.0.1:{port}/")
        assert status == 0, out + err


def zipped() -> bytes:
    """The least that is a Word document to a careless eye."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


# Commits that mean harm


def test_a_commit_cannot_bring_a_cache_or_links_for_folders(clerk: Clerk):
    before = clerk.server.current
    cache = clerk.root / ".sitegen"
    cache.mkdir(exist_ok=True)
    (cache / "forged").write_text("x")
    git(clerk.root, "add", "--force", ".sitegen")
    commit(clerk.root)
    pushed = clerk.push()
    assert pushed.status != 0
    assert "P105" in pushed.told
    assert not (clerk.server.folder / "build/site/.sitegen/forged").exists()

    git(clerk.root, "reset", "--quiet", "--hard", "HEAD~1")
    (clerk.root / "content").rename(clerk.root / "elsewhere")
    (clerk.root / "content").symlink_to("/etc")
    commit(clerk.root)
    pushed = clerk.push()
    assert pushed.status != 0
    assert "P414" in pushed.told
    assert clerk.server.current == before


def test_a_commit_chooses_neither_target_nor_key(clerk: Clerk, tmp_path: Path):
    settings = clerk.root / "content/site.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(
        f"{text}\npublish:\n  key: /etc/hostname\n  targets:\n"
        f"    - {{name: other, path: {tmp_path}/elsewhere}}\n", "utf-8"
    )  # fmt: skip
    commit(clerk.root)
    pushed = clerk.push()
    assert pushed.status == 0, pushed.told
    assert not (tmp_path / "elsewhere").exists()
    assert run("verify", str(clerk.server.base / "current"))[0] == 0


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
