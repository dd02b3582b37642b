"""Publishing to a folder of this machine: what comes out, what stays, and what is refused."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import commit, git
from once import once
from publishedsite import PublishedSite, copied, faults, left_over, make_published, manifest_of

from sitegen.engine.reporter import Silent
from sitegen.publish import switching
from sitegen.publish.manifest import MANIFEST, SIGNATURE, SUMS, digest_of
from sitegen.publish.place import HostError, Place
from sitegen.publish.publishing import OUTPUT, PublishOptions, PublishResult, publish
from sitegen.publish.sign import NOBODY
from sitegen.publish.switching import list_releases, roll_back
from sitegen.publish.target import Target, local_target


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site and its first release."""
    return once(tmp_path_factory, "published", lambda folder: make_published(folder).number)[0]


@pytest.fixture
def site(first: Path, tmp_path: Path) -> PublishedSite:
    """A copy of it."""
    return copied(first, tmp_path / "site")


def _base(site: PublishedSite) -> Path:
    return Path(site.target.hosts[0].base)


def _current(site: PublishedSite) -> Path:
    return (_base(site) / "current").resolve()


def _codes(result: PublishResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.severity == "error"]


def _append(path: Path, text: str) -> None:
    path.chmod(0o644)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


class TestARelease:
    """What stands on the host afterwards."""

    def test_it_holds_what_anybody_needs_to_check_it(self, site: PublishedSite) -> None:
        release = _current(site)
        signers = (release / ".well-known/sitegen/allowed_signers").read_text()
        for command in (
            ["sha256sum", "--check", "--quiet", SUMS],
            ["ssh-keygen", "-Y", "verify", "-n", "sitegen-manifest", "-I", signers.split()[0],
             "-f", ".well-known/sitegen/allowed_signers", "-s", SIGNATURE],
        ):  # fmt: skip
            with (release / MANIFEST).open("rb") as manifest:
                done = subprocess.run(command, cwd=release, stdin=manifest, capture_output=True)
            assert done.returncode == 0, (done.stdout, done.stderr)
        assert faults(_base(site)) == []

    def test_it_says_which_commit_it_is(self, site: PublishedSite) -> None:
        head = manifest_of(_current(site)).head
        assert head.commit == git(site.root, "rev-parse", "HEAD").strip()
        assert head.previous == ""

    def test_nobody_changes_it_by_accident(self, site: PublishedSite) -> None:
        for path in (_current(site), *_current(site).rglob("*")):
            assert path.stat().st_mode & 0o222 == 0, path

    def test_compressed_siblings_are_those_of_their_files(self, site: PublishedSite) -> None:
        page = _current(site) / "index.html"
        packed = page.with_name("index.html.gz")
        assert gzip.decompress(packed.read_bytes()) == page.read_bytes()
        assert packed.stat().st_mtime == page.stat().st_mtime

    def test_its_assets_are_kept_for_readers_of_old_pages(self, site: PublishedSite) -> None:
        before = {path.name for path in (_current(site) / "assets").iterdir()}
        site.edit(everywhere=True)
        assert site.publish().status == 0
        shared = {path.name for path in (_base(site) / "shared/assets").iterdir()}
        now = {path.name for path in (_current(site) / "assets").iterdir()}
        assert before - now
        assert before | now <= shared

    def test_no_trace_of_this_machine_is_in_it(self, site: PublishedSite) -> None:
        for path in _current(site).rglob("*"):
            if path.is_file() and path.suffix not in (".gz", ".br"):
                assert str(site.root).encode() not in path.read_bytes(), path


class TestTheNextRelease:
    """What changes, and what does not."""

    def test_files_that_are_the_same_are_the_same_file(self, site: PublishedSite) -> None:
        old = _current(site)
        site.edit()
        result = site.publish()
        new = _current(site)
        assert old != new
        assert result.before == old.name
        same = [
            file.path
            for file in manifest_of(new).files
            if (old / file.path).is_file()
            and (old / file.path).read_bytes() == (new / file.path).read_bytes()
        ]
        assert same
        assert all((old / path).samefile(new / path) for path in same)

    def test_every_content_of_a_file_has_a_time_of_its_own(self, site: PublishedSite) -> None:
        seen: dict[tuple[str, int, int], bytes] = {}
        for number in (2, 3, 2):
            site.number = number - 1
            site.edit()
            assert site.publish().status == 0
            for file in manifest_of(_current(site)).files:
                path = _current(site) / file.path
                status = path.stat()
                key = (file.path, status.st_size, int(status.st_mtime))
                assert seen.setdefault(key, path.read_bytes()) == path.read_bytes(), file.path

    def test_two_releases_of_the_same_second_have_two_times(self, site: PublishedSite) -> None:
        first = manifest_of(_current(site)).head.released
        site.edit()
        site.time = first - datetime.timedelta(minutes=1)
        assert site.publish().status == 0
        assert manifest_of(_current(site)).head.released > first

    def test_manifests_are_a_chain(self, site: PublishedSite) -> None:
        digests = [digest_of((_current(site) / MANIFEST).read_bytes())]
        for _ in range(2):
            site.edit()
            assert site.publish().status == 0
            assert manifest_of(_current(site)).head.previous == digests[-1]
            digests.append(digest_of((_current(site) / MANIFEST).read_bytes()))
        kept = _current(site) / ".well-known/sitegen/manifests"
        assert {path.name.partition(".")[0] for path in kept.iterdir()} == set(digests[:-1])

    def test_the_public_changes_are_told(self, site: PublishedSite) -> None:
        (site.root / "content/tzgg/xinde.md").write_text(
            "---\n标题: 新的通知\n发布日期: 2026-11-20\n责任部门: 党政办公室\n内容概述: 新。\n"
            "---\n\n正文。\n",
            encoding="utf-8",
        )
        commit(site.root)
        result = site.publish()
        assert [(news.act, news.title) for news in result.news] == [("发布", "新的通知")]
        assert result.difference.added >= 1
        assert result.difference.removed == 0

    def test_nothing_is_published_when_nothing_differs(self, site: PublishedSite) -> None:
        before = _current(site)
        result = site.publish()
        assert result.unchanged
        assert result.status == 0
        assert _current(site) == before

    def test_so_many_releases_are_kept(self, site: PublishedSite) -> None:
        target = replace(site.target, keep=2)
        for _ in range(2):
            site.edit(everywhere=True)
            assert site.publish(target).status == 0
        kept = list_releases(target)
        assert len(kept.releases) == 2
        assert kept.releases[0].current_on
        assets = {
            path.name for release in kept.releases
            for path in (_base(site) / "releases" / release.name / "assets").iterdir()
        }  # fmt: skip
        assert {path.name for path in (_base(site) / "shared/assets").iterdir()} == assets


class TestWhatSomebodyAltered:
    """What was altered on the host does not get into the next release."""

    @pytest.mark.parametrize("name", ["robots.txt", "feed.xml.gz"])
    def test_it_is_made_good(self, site: PublishedSite, name: str) -> None:
        right = (_current(site) / name).read_bytes()
        time = (_current(site) / name).stat().st_mtime
        _append(_current(site) / name, "altered")
        os.utime(_current(site) / name, (time, time))
        (_current(site) / name).chmod(0o444)
        site.number += 7
        site.edit()
        assert site.publish().status == 0
        if name == "robots.txt":
            assert (_current(site) / name).read_bytes() == right
        page = _current(site) / name.removesuffix(".gz")
        packed = _current(site) / (page.name + ".gz")
        assert not packed.exists() or gzip.decompress(packed.read_bytes()) == page.read_bytes()
        assert faults(_base(site)) == []

    def test_a_shared_asset_is_made_good(self, site: PublishedSite) -> None:
        asset = next((_base(site) / "shared/assets").glob("mark.*.svg"))
        right = asset.read_bytes()
        asset.unlink()
        asset.write_bytes(b"altered")
        site.edit()
        assert site.publish().status == 0
        assert asset.read_bytes() == right

    def test_an_altered_manifest_is_told_of(self, site: PublishedSite) -> None:
        _append(_current(site) / MANIFEST, " ")
        site.edit()
        result = site.publish()
        assert result.status == 0
        assert "P134" in [problem.code for problem in result.problems]

    def test_an_altered_output_of_the_build_is_not_published(self, site: PublishedSite) -> None:
        site.edit()
        before = _current(site)
        real = switching.Place.begin

        def altering(self: Place, *arguments: str) -> None:
            _append(site.root / OUTPUT / "index.html", "altered")
            real(self, *arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Place, "begin", altering)
            assert _codes(site.publish()) == ["P132"]
        assert _current(site) == before
        assert site.publish().status == 0
        assert left_over(_base(site)) == []


class TestWhatIsRefused:
    """Only what is committed is published, and only as a whole."""

    def test_what_is_not_committed(self, site: PublishedSite) -> None:
        (site.root / "content/tzgg/banben.md").write_text("x")
        (site.root / "content/tzgg/neu.md").write_text("x")
        result = site.publish()
        assert result.status == 1
        paths = [problem.where.path for problem in result.problems if problem.where]
        assert paths == ["content/tzgg/banben.md", "content/tzgg/neu.md"]

    def test_what_git_ignores_but_the_build_reads(self, site: PublishedSite) -> None:
        (site.root / ".git/info/exclude").write_text("*.pdf\n.DS_Store\n")
        (site.root / "content/.DS_Store").write_text("x")
        site.edit()
        assert site.publish().status == 0
        (site.root / "content/tzgg/x.pdf").write_text("x")
        assert _codes(site.publish()) == ["P102"]

    def test_an_altered_theme(self, site: PublishedSite) -> None:
        (site.root / "themes/own/static/version.css").write_text("b{}")
        assert _codes(site.publish()) == ["P102"]

    def test_a_cache_that_is_committed(self, site: PublishedSite) -> None:
        (site.root / ".sitegen").mkdir(exist_ok=True)
        (site.root / ".sitegen/forged").write_text("x")
        git(site.root, "add", "--force", ".sitegen/forged")
        git(site.root, "commit", "--quiet", "-m", "x")
        assert _codes(site.publish()) == ["P105"]

    def test_a_shallow_clone(self, site: PublishedSite, tmp_path: Path) -> None:
        site.edit()
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{site.root}", str(clone))
        assert _codes(replace(site, root=clone).publish()) == ["P103"]

    def test_a_folder_without_git(self, site: PublishedSite) -> None:
        shutil.rmtree(site.root / ".git")
        assert _codes(site.publish()) == ["P101"]

    def test_content_with_errors(self, site: PublishedSite) -> None:
        (site.root / "content/tzgg/banben.md").write_text("---\n标题: [\n---\n")
        commit(site.root)
        before = _current(site)
        result = site.publish()
        assert result.status == 1
        assert _codes(result)
        assert _current(site) == before

    def test_a_commit_that_changes_under_the_build(
        self, site: PublishedSite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sitegen.publish import publishing

        real = publishing.build

        def racing(*arguments: object) -> object:
            result = real(*arguments)  # type: ignore[arg-type]
            (site.root / "content/tzgg/banben.md").write_text("x")
            return result

        monkeypatch.setattr(publishing, "build", racing)
        site.edit()
        assert _codes(site.publish()) == ["P104"]

    def test_a_target_around_the_sources(self, site: PublishedSite) -> None:
        result = site.publish(local_target(site.root / "content"))
        assert result.status == 2
        assert _codes(result) == ["P119"]

    def test_without_a_key_it_is_published_with_a_warning(
        self, site: PublishedSite, tmp_path: Path
    ) -> None:
        options = PublishOptions(
            site.root, local_target(tmp_path / "unsigned"), site.time.date(), NOBODY
        )
        result = publish(options, site.time, Silent())
        assert result.status == 0
        assert "P123" in [problem.code for problem in result.problems]
        assert not (tmp_path / "unsigned/current" / SIGNATURE).exists()
        assert not (tmp_path / "unsigned/current/.well-known/sitegen/allowed_signers").exists()


class TestADryRun:
    """A dry run says what would be done, and touches no host."""

    def test_nothing_changes(self, site: PublishedSite, tmp_path: Path) -> None:
        site.edit()
        before = _listing(_base(site))
        result = site.publish(dry_run=True)
        assert result.status == 0
        assert result.release
        assert {"sign", "send", "switch"} <= {step for step, _ in result.steps}
        assert _listing(_base(site)) == before
        elsewhere = local_target(tmp_path / "new")
        assert site.publish(elsewhere, dry_run=True).status == 0
        assert not (tmp_path / "new").exists()

    def test_it_tells_what_would_be_removed(self, site: PublishedSite) -> None:
        target = replace(site.target, keep=2)
        oldest = _current(site).name
        site.edit()
        site.publish(target)
        site.edit()
        removed = [at for step, at in site.publish(target, dry_run=True).steps if step == "remove"]
        assert removed == [f"{_base(site)}/releases/{oldest}"]


class TestGoingBack:
    """An earlier release is served again at once, and publishing goes on from there."""

    def test_back_to_the_release_before_and_on(self, site: PublishedSite) -> None:
        one = _current(site)
        site.edit()
        site.publish()
        two = _current(site)
        result = roll_back(site.target, None, site.time)
        assert (result.status, result.before, result.after) == (0, two.name, one.name)
        assert _current(site) == one
        assert roll_back(site.target, None, site.time).problems[0].code == "P222"

        assert site.publish().status == 0, "the same commit is published anew"
        three = _current(site)
        assert three not in (one, two)
        newest = digest_of((two / MANIFEST).read_bytes())
        assert manifest_of(three).head.previous == newest, "what was public stays in the chain"

    def test_by_the_beginning_of_a_name(self, site: PublishedSite) -> None:
        one = _current(site).name
        site.edit()
        site.publish()
        assert roll_back(site.target, "9", site.time).problems[0].code == "P221"
        assert roll_back(site.target, "2", site.time).problems[0].code == "P223"
        assert roll_back(site.target, one[:16], site.time).after == one

    def test_a_dry_run_only_says_so(self, site: PublishedSite) -> None:
        one = _current(site)
        site.edit()
        site.publish()
        two = _current(site)
        result = roll_back(site.target, None, site.time, dry_run=True)
        assert (result.before, result.after) == (two.name, one.name)
        assert _current(site) == two

    def test_the_log_tells_all(self, site: PublishedSite) -> None:
        site.edit()
        site.publish()
        roll_back(site.target, None, site.time)
        lines = (_base(site) / "log").read_text().splitlines()
        assert [line.split("\t")[1] for line in lines] == ["publish", "publish", "rollback"]


class TestTheLock:
    """One publisher at a time."""

    def test_a_second_publisher_is_told_who_the_first_is(self, site: PublishedSite) -> None:
        site.edit()
        with Place(site.target.hosts[0]).lock("clerk@desk", 0):
            result = site.publish()
        assert result.status == 3
        assert _codes(result) == ["P201"]
        (told,) = [p.message() for p in result.problems if p.code == "P201"]
        assert "clerk@desk" in told
        assert site.publish().status == 0

    def test_it_may_wait(self, site: PublishedSite) -> None:
        site.edit()
        place = Place(site.target.hosts[0])
        real = subprocess.Popen
        with place.lock("clerk@desk", 0) as lock:

            def releasing(*arguments: object, **named: object) -> object:
                started = real(*arguments, **named)  # type: ignore[call-overload]
                lock.release()
                return started

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("sitegen.publish.place.subprocess.Popen", releasing)
                result = site.publish(wait=20)
        assert result.status == 0


def _switching_fails(patch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    def failing(url: str, expected: object) -> None:
        act()

    patch.setattr(switching, "try_site", failing)


class TestAFaultyDisk:
    """What was written is read back before anybody is served."""

    def test_what_arrived_altered_is_not_switched_to(
        self, site: PublishedSite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = _current(site)
        site.edit()
        real = Place.check

        def faulty(self: Place, release: str, sums: bytes) -> None:
            _append(_base(site) / f"releases/.partial-{release}/index.html", "x")
            real(self, release, sums)

        with monkeypatch.context() as patch:
            patch.setattr(Place, "check", faulty)
            result = site.publish()
        assert result.status == 3
        assert _codes(result) == ["P204"]
        (told,) = [p.message() for p in result.problems if p.code == "P204"]
        assert "index.html" in told
        assert _current(site) == before
        assert site.publish().status == 0
        assert left_over(_base(site)) == []


class TestAFailureAfterTheSwitch:
    """The host goes back to what it served."""

    @pytest.mark.parametrize("fault", [KeyboardInterrupt, HostError])
    def test_it_is_as_it_was(
        self, site: PublishedSite, fault: type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sitegen.publish import codes

        before = _listing(_base(site))
        site.edit()

        def act() -> None:
            raise fault(codes.LOCK_LOST.at(None, host="x"))

        _switching_fails(monkeypatch, act)
        target = Target(site.target.name, site.target.hosts, url="http://127.0.0.1:9/")
        if fault is KeyboardInterrupt:
            with pytest.raises(KeyboardInterrupt):
                site.publish(target)
        else:
            assert site.publish(target).status == 3
        after = _listing(_base(site))
        assert {k: v for k, v in after.items() if k not in ("lock", "log")} == {
            k: v for k, v in before.items() if k not in ("lock", "log")
        }


def _listing(base: Path) -> dict[str, object]:
    """Everything below a folder: links with their targets, files with size and time."""
    listed: dict[str, object] = {}
    for folder, folders, files in os.walk(base):
        for name in (*folders, *files):
            path = Path(folder, name)
            status = path.lstat()
            told = path.readlink() if path.is_symlink() else (status.st_size, status.st_mtime_ns)
            if path.is_dir() and not path.is_symlink():
                told = None
            listed[path.relative_to(base).as_posix()] = told
    return listed


def test_the_manifest_of_the_build_stays_the_build_s_own(site: PublishedSite) -> None:
    made = json.loads((site.root / OUTPUT / MANIFEST).read_bytes())
    released = json.loads((_current(site) / MANIFEST).read_bytes())
    assert made["format"] == 1
    assert released["format"] == "sitegen-release/1"
    ours = {file["path"] for file in released["files"]} - {f["path"] for f in made["files"]}
    assert ours == {".well-known/sitegen/index.html", ".well-known/sitegen/allowed_signers"}
