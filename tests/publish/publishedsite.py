"""A small site that is published again and again, as tests of failures need it."""

from __future__ import annotations

import datetime
import hashlib
import multiprocessing
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loopback import commit, git, make_key

from sitegen.authoring.starting import start_site
from sitegen.engine.reporter import Silent
from sitegen.publish.manifest import MANIFEST, Manifest, digest_of, read_manifest
from sitegen.publish.publishing import PublishOptions, PublishResult, publish
from sitegen.publish.sign import Signer, Trust, trusted
from sitegen.publish.target import Target, local_target
from sitegen.publish.verify import Folder, verify

NOW = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
_PAGE = """---
标题: 关于第{number}版的通知
发布日期: 2026-11-02
责任部门: 党政办公室
内容概述: 第{number}版。
---

第{number}版的正文。
"""


@dataclass
class PublishedSite:
    """A site with its key; `number` is its present version, `time` goes on with every publish."""

    root: Path
    target: Target
    key: Path
    number: int = 0
    time: datetime.datetime = NOW
    ssh: tuple[str, ...] = ("ssh",)
    releases: list[str] = field(default_factory=list)

    def edit(self, *, everywhere: bool = False) -> int:
        """Make and commit a new version of a document; or of all pages and their style sheet."""
        self.number += 1
        if everywhere:
            theme = self.root / "themes/own"
            (theme / "static").mkdir(parents=True, exist_ok=True)
            (theme / "static/version.css").write_text(f".v{{}}/* version {self.number} */\n")
            (theme / "templates/parts").mkdir(parents=True, exist_ok=True)
            (theme / "templates/parts/footer.html").write_text(
                f"<footer>{self.number}<link rel=stylesheet "
                "href=\"{{ base }}{{ asset('version.css') }}\"></footer>\n"
            )
        document = self.root / "content/tzgg/banben.md"
        document.write_text(_PAGE.format(number=self.number), encoding="utf-8")
        commit(self.root, f"第{self.number}版")
        return self.number

    def publish(self, target: Target | None = None, **options: object) -> PublishResult:
        """Publish the present version."""
        self.time += datetime.timedelta(minutes=1)
        chosen = PublishOptions(
            self.root,
            target or self.target,
            self.time.date(),
            Signer(self.key),
            ssh=self.ssh,
            **options,  # type: ignore[arg-type]
        )
        result = publish(chosen, self.time, Silent())
        if result.release and not result.status:
            self.releases.append(result.release)
        return result


def make_site(folder: Path) -> PublishedSite:
    """A site at its first version, to be published in the folder ``www``."""
    root = folder / "site"
    assert start_site(root) is None
    settings = root / "content/site.yaml"
    settings.write_text(settings.read_text("utf-8") + "\n主题: own\n", "utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    target = local_target(folder / "www", keep=2)
    site = PublishedSite(root, target, make_key(folder / "signing_key"))
    site.edit(everywhere=True)
    return site


def make_published(folder: Path) -> PublishedSite:
    """The same, published."""
    site = make_site(folder)
    done = site.publish()
    assert done.status == 0, done.problems
    return site


def copied(folder: Path, to: Path) -> PublishedSite:
    """A copy of a site that was published in `folder`, with all that stands there."""
    shutil.copytree(folder, to, symlinks=True)  # keeps times, which are part of a release
    target = local_target(to / "www", keep=2)
    site = PublishedSite(to / "site", target, to / "signing_key")
    site.number = version_of(to / "www")
    site.time = manifest_of(to / "www/current").head.released
    return site


def version_of(base: Path) -> int:
    """The version that a host serves."""
    page = (base / "current/tzgg/banben.html").read_text("utf-8")
    return int(page.partition("关于第")[2].partition("版的通知")[0])


def manifest_of(release: Path) -> Manifest:
    """The manifest of a release on the disk."""
    return read_manifest((release / MANIFEST).read_bytes())


def faults(base: Path) -> list[str]:
    """Why what the host serves is not one whole release."""
    current = base / "current"
    if not current.is_symlink():
        return ["no current"]
    release = current.resolve()
    data = (release / MANIFEST).read_bytes()
    found = []
    if not release.name.endswith("-" + digest_of(data)[:12]):
        found.append("the manifest is not that of the release's name")
    for file in read_manifest(data).files:
        path = release / file.path
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            found.append(file.path)
    return found


def verified(site: PublishedSite, base: Path) -> list[str]:
    """What ``sitegen verify`` has against what a host serves, with the site's own key."""
    signers = trusted(site.key.with_suffix(".pub").read_text())
    assert signers is not None
    result = verify(Folder(base / "current"), str(base), Trust(signers), Silent())
    assert result.files
    return [f"{problem.where} {problem.message()}" for problem in result.problems]


def left_over(base: Path) -> list[str]:
    """What a publisher that was stopped left behind."""
    found = [*base.glob(".*"), *(base / "releases").glob(".*"), *base.glob("shared/assets/*.new")]
    return sorted(path.relative_to(base).as_posix() for path in found)


def killed(act: Callable[[], object], patience: float = 60) -> int | None:
    """Do something in another process, which somebody is expected to kill; its exit code."""
    process = multiprocessing.get_context("fork").Process(target=act)
    process.start()
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode


KILLED = -signal.SIGKILL
