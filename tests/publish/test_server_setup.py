"""Setting a server up: what is made, what is kept, what is refused."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from pushing import make_server, run

from sitegen.publish.server import setup
from sitegen.publish.server.layout import Layout, ServerSettings, checked_folder, read_settings


def init(*words: str) -> tuple[int, str]:
    status, out, err = run("server", "init", *words, "--lang", "en")
    return status, out + err


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_one_command_makes_all_that_a_server_needs(tmp_path: Path):
    folder = tmp_path / "srv"
    status, told = init(str(folder), "--site-url", "https://xxgk.shifan.example", "--port", "8080")
    assert status == 0, told
    assert (folder / "repo.git/HEAD").read_text() == "ref: refs/heads/main\n"
    heads = [path for path in folder.glob("**/HEAD") if len(path.relative_to(folder).parts) == 2]
    assert heads == [folder / "repo.git/HEAD"]
    for hook in ("pre-receive", "post-receive"):
        assert os.access(folder / "repo.git/hooks" / hook, os.X_OK)
    key = folder / "keys/signing_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert (folder / "keys/signing_key.pub").read_text().startswith("ssh-ed25519 ")
    site = (folder / "nginx/site.conf").read_text("utf-8")
    assert "listen 8080;" in site
    assert "server_name xxgk.shifan.example;" in site
    assert f'root "{folder}/www/current";' in site
    assert "git push" in told


def test_a_dry_run_says_the_same_and_makes_nothing(tmp_path: Path):
    folder = tmp_path / "srv"
    status, told = init(str(folder), "--dry-run")
    assert status == 0
    assert not folder.exists()
    assert f"would be new  {folder}/repo.git" in told
    make_server(folder)
    before = tree(folder)
    assert init(str(folder), "--port", "99", "--dry-run")[0] == 0
    assert tree(folder) == before


def test_running_it_again_keeps_what_is_unique_and_renews_the_rest(tmp_path: Path):
    folder = tmp_path / "srv"
    make_server(folder, "--site-url", "https://xxgk.shifan.example/", "--port", "8080")
    key = (folder / "keys/signing_key").read_bytes()
    (folder / "nginx/site.conf").write_text("spoilt")
    (folder / "repo.git/hooks/pre-receive").unlink()
    (folder / "www/kept.txt").write_text("public")
    make_server(folder, "--port", "8081")
    assert (folder / "keys/signing_key").read_bytes() == key
    site = (folder / "nginx/site.conf").read_text()
    assert "listen 8081;" in site
    assert "xxgk.shifan.example" in site
    assert os.access(folder / "repo.git/hooks/pre-receive", os.X_OK)
    assert (folder / "www/kept.txt").read_text() == "public"


def test_a_key_of_the_office_is_used_where_it_lies(tmp_path: Path):
    key = tmp_path / "office_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    make_server(tmp_path / "srv", "--key", str(key))
    assert not (tmp_path / "srv/keys/signing_key").exists()
    settings, _ = read_settings(Layout(tmp_path / "srv"))
    assert settings is not None
    assert settings.key == str(key)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["a b"], "P401"), (["a$b"], "P401"), (["a;b"], "P401"), (["a%n"], "P401"), (["/"], "P401"),
        (["x", "--site-url", "xxgk.shifan.example"], "P403"),
        (["x", "--site-url", "https://a.example/b c"], "P403"),
        (["x", "--site-url", "https://a.example:99999/"], "P403"),
        (["x", "--site-url", 'https://a.example/";}'], "P403"),
        (["x", "--port", "0"], "P404"),
        (["x", "--key", "none"], "P121"),
    ],
)  # fmt: skip
def test_what_no_configuration_could_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: str
):
    monkeypatch.chdir(tmp_path)
    status, told = init(*words)
    assert status == 2
    assert code in told
    assert not list(tmp_path.iterdir())


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "srv").mkdir()
    (tmp_path / "srv/letter.txt").write_text("mine")
    status, told = init(str(tmp_path / "srv"))
    assert status == 2
    assert "P402" in told
    assert list(tree(tmp_path / "srv")) == ["letter.txt"]


def test_a_server_does_not_go_into_a_site(tmp_path: Path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.yaml").write_text("name: x\n")
    status, told = init(str(tmp_path / "srv"))
    assert status == 2
    assert "P408" in told


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"format": 2}', '{"format": 1, "port": "80"}', '{"format": 1, "branch": "a b"}',
     '{"format": 1, "reload": [1]}', '{"format": 1, "key": "here"}', '{"format": 1, "port": true}',
     '{"format": 1, "keep": 0}', '{"format": 1, "check_url": "ftp://x/"}', "\xff"],
)  # fmt: skip
def test_damaged_settings_are_told_not_guessed(tmp_path: Path, text: str):
    (tmp_path / "server.json").write_text(text, "latin-1")
    settings, problems = read_settings(Layout(tmp_path))
    assert settings is None
    assert problems
    status, told = init(str(tmp_path))
    assert status == 2
    assert "P40" in told


def test_settings_come_back_as_they_were_written(tmp_path: Path):
    make_server(tmp_path / "srv")
    path = tmp_path / "srv/server.json"
    values = json.loads(path.read_text()) | {"reload": ["nginx", "-s", "reload"], "keep": 3}
    path.write_text(json.dumps(values))
    settings, problems = read_settings(Layout(tmp_path / "srv"))
    assert not problems
    assert settings == ServerSettings(reload=("nginx", "-s", "reload"), keep=3)


def test_another_users_server_is_not_touched(tmp_path: Path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    make_server(tmp_path / "srv")
    os.chown(tmp_path / "srv", 12345, 12345)
    for words in (["init", str(tmp_path / "srv")], ["rebuild", str(tmp_path / "srv")]):
        status, _out, err = run("server", *words, "--lang", "en")
        assert status == 2
        assert "12345" in err


def test_an_interpreter_that_cannot_run_the_hooks_is_told_at_once(tmp_path: Path):
    for interpreter in ("/nowhere/python", "/bin/false"):
        result = setup.set_up(setup.SetUpOptions(tmp_path / "srv", interpreter))
        assert result.status == 3
        assert [problem.code for problem in result.problems] == ["P409"]
    assert not (tmp_path / "srv").exists()


def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    status, told = init(str(tmp_path / "srv"))
    assert status == 3
    assert "ssh-keygen" in told


def test_chinese_folders_are_fine():
    layout, problems = checked_folder(Path("/srv/政务公开"))
    assert layout is not None
    assert not problems


def test_an_unknown_act_is_wrong_use(tmp_path: Path):
    status, _out, _err = run("server", "start", str(tmp_path))
    assert status == 2


def test_json_lists_what_was_made(tmp_path: Path):
    status, out, _err = run("server", "init", str(tmp_path / "srv"), "--format", "json")
    assert status == 0
    steps = json.loads(out)["steps"]
    assert {"act": "make", "path": str(tmp_path / "srv/repo.git")} in steps


def test_units_are_what_systemd_understands(tmp_path: Path):
    make_server(tmp_path / "srv")
    timer = tmp_path / "srv/timer"
    service = (timer / "sitegen-rebuild.service").read_text("utf-8")
    assert f" server rebuild {tmp_path}/srv " in service
    assert "OnCalendar=*-*-* 00:05:00 Asia/Shanghai" in (timer / "sitegen-rebuild.timer").read_text(
        "utf-8"
    )
    cron = (timer / "sitegen-rebuild.cron").read_text("utf-8").splitlines()[-1]
    assert cron.startswith("5 * * * * ")
    assert cron.endswith(" --quiet")
    if analyze := shutil.which("systemd-analyze"):
        units = [str(path) for path in timer.iterdir() if path.suffix != ".cron"]
        done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
