"""Push to publish, with real git: what gets in becomes public, and what has errors does not."""

from __future__ import annotations

import fcntl
import io
import re
import shlex
import stat
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from loopback import commit, environment, git, ssh_server
from publishedsite import faults
from pushing import BROKEN, Clerk, make_both, run
from webserver import free_port
from webserver import started as started_nginx

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
