"""The commands of publishing, as a person types them: words, exit statuses, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loopback import commit
from once import once
from publishedsite import PublishedSite, copied, make_published

from sitegen.cli import main


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a site and its first release."""
    return once(tmp_path_factory, "published", lambda folder: make_published(folder).number)[0]


@pytest.fixture
def site(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublishedSite:
    """A copy of it, whose settings name the target www."""
    for name in ("SITEGEN_KEY", "SITEGEN_SIGNER", "SITEGEN_SSH"):
        monkeypatch.delenv(name, raising=False)
    made = copied(first, tmp_path / "site")
    settings = made.root / "content/site.yaml"
    text = f"发布:\n  签名密钥: {made.key}\n  发布目标:\n    - {{名称: www, 文件夹: ../www}}\n"
    settings.write_text(settings.read_text("utf-8") + text, "utf-8")
    commit(made.root)
    return made


def _run(site: PublishedSite, *words: str) -> int:
    return main([*words, "-C", str(site.root)])


def test_from_publishing_to_going_back(
    site: PublishedSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(site, "publish", "www", "--dry-run") == 0
    assert "将发布为" in capsys.readouterr().out
    assert _run(site, "publish") == 0
    out = capsys.readouterr().out
    assert "已发布到 www" in out
    assert _run(site, "publish") == 0
    assert "无需发布" in capsys.readouterr().out

    assert _run(site, "releases") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == ["*", " "]
    assert _run(site, "rollback", "--dry-run") == 0
    assert "将退回版本" in capsys.readouterr().out
    assert _run(site, "rollback") == 0
    assert "已退回版本" in capsys.readouterr().out
    assert _run(site, "releases", "www", "--lang", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines] == [" ", "*"]
    assert lines[1].endswith("served")
    assert _run(site, "rollback") == 2


def test_machines_get_json(site: PublishedSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(site, "publish", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["target"] == "www"
    assert told["release"]
    assert set(told["files"]) == {"added", "altered", "removed"}
    assert _run(site, "releases", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)["releases"]
    assert listed[0]["release"] == told["release"]
    assert listed[0]["current_on"]
    current = site.root.parent / "www/current"
    assert main(["verify", str(current), "--format", "json"]) == 0
    verified = json.loads(capsys.readouterr().out)
    assert verified["good"]
    assert verified["signed_by"][0].startswith("SHA256:")
    assert _run(site, "rollback", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["before"] == told["release"]


def test_verifying_says_what_was_altered(
    site: PublishedSite, capsys: pytest.CaptureFixture[str]
) -> None:
    current = site.root.parent / "www/current"
    key = str(site.key.with_suffix(".pub"))
    assert main(["verify", str(current), "--key", key]) == 0
    assert "全部内容与发布时一致" in capsys.readouterr().out
    (current / "index.html").chmod(0o644)
    with (current / "index.html").open("a") as file:
        file.write("x")
    assert main(["verify", str(current)]) == 1
    assert "被改：“index.html”" in capsys.readouterr().err
    assert main(["verify", str(current), "--key", str(current / "robots.txt")]) == 2
    assert main(["verify", "ftp://xxgk.shifan.example/"]) == 2


def test_what_is_not_committed_is_named(
    site: PublishedSite, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.root / "content/tzgg/banben.md").write_text("x")
    assert _run(site, "publish") == 1
    told = capsys.readouterr()
    assert "content/tzgg/banben.md: 错误 P102" in told.err
    assert "没有发布" in told.err


def test_a_target_is_needed(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(first, tmp_path / "site")
    assert _run(made, "publish") == 2
    assert "P111" in capsys.readouterr().err
    assert _run(made, "publish", "www") == 2
    assert _run(made, "publish", "--to", str(tmp_path / "out"), "--url", "nowhere") == 2
    assert "P117" in capsys.readouterr().err


def test_without_a_site_there_is_a_folder_to_look_at(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["releases", "--to", str(first / "www"), "-C", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("* 2026")
    assert main(["releases", "--to", str(tmp_path / "none"), "-C", str(tmp_path)]) == 0
    assert "还没有发布过" in capsys.readouterr().out
    assert main(["releases", "-C", str(tmp_path)]) == 2
    assert main(["rollback", "--to", str(tmp_path / "none"), "-C", str(tmp_path)]) == 2


def test_the_commands_that_run_come_from_the_environment_only(
    site: PublishedSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = site.root / "content/site.yaml"
    ran = tmp_path / "ran"
    settings.write_text(
        settings.read_text("utf-8").replace("发布:\n", f"发布:\n  signer: touch {ran}\n"), "utf-8"
    )
    commit(site.root)
    assert _run(site, "publish") == 2, "a setting that nobody knows"
    assert not ran.exists()

    settings.write_text(
        settings.read_text("utf-8").replace(f"  signer: touch {ran}\n", ""), "utf-8"
    )
    commit(site.root)
    monkeypatch.setenv("SITEGEN_SIGNER", "sha256sum")
    assert _run(site, "publish") == 0
    signature = site.root.parent / "www/current/manifest.json.sig"
    assert signature.read_text().endswith("  -\n")
    assert main(["verify", str(signature.parent)]) == 1
