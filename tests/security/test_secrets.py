"""No secret of the machine leaves it: not in a release, not in a log, not to who pushes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pushing import BROKEN, Clerk, Pushed, make_both
from samplesite import everything_in

MARKER = "marker-of-a-secret-0815"


@pytest.fixture(scope="module")
def pushes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Clerk, list[Pushed]]]:
    """A server whose environment, home and key file hold the marker; a good push and a bad one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SITEGEN_SECRET", "AWS_SECRET_ACCESS_KEY", "GIT_COMMITTER_NAME"):
            patch.setenv(name, MARKER)
        clerk = make_both(tmp_path_factory.mktemp("both"))
        home = clerk.root.parent / "home"
        (home / ".netrc").write_text(f"machine shifan.example password {MARKER}\n")
        (clerk.server.folder / "keys/note").write_text(MARKER)
        variables = {"SITEGEN_SECRET": MARKER, "AWS_SECRET_ACCESS_KEY": MARKER}
        told = [clerk.push(**variables)]
        clerk.write("huai.md", BROKEN)
        told.append(clerk.push(**variables))
        yield clerk, told


def _private_key(clerk: Clerk) -> list[bytes]:
    """Lines of the private key, without what every key has."""
    lines = (clerk.server.folder / "keys/signing_key").read_bytes().splitlines()
    return [line for line in lines[1:-1] if len(line) > 20]


def test_the_pushes_were_a_good_one_and_a_bad_one(pushes: tuple[Clerk, list[Pushed]]) -> None:
    clerk, (good, bad) = pushes
    assert good.status == 0, good.told
    assert bad.status != 0
    assert clerk.server.page("index.html")


def test_a_release_holds_no_secret_and_no_path_of_the_machine(
    pushes: tuple[Clerk, list[Pushed]],
) -> None:
    clerk, _ = pushes
    keys = _private_key(clerk)
    assert len(keys) > 2
    forbidden = [MARKER.encode(), str(clerk.root.parent).encode(), *keys]
    release = everything_in(clerk.server.base / "current")
    assert len(release) > 50
    found = {name for name, data in release.items() if any(each in data for each in forbidden)}
    assert found == set()


def test_what_is_logged_and_told_holds_no_secret(pushes: tuple[Clerk, list[Pushed]]) -> None:
    clerk, told = pushes
    texts = [push.told for push in told]
    texts += [path.read_text("utf-8") for path in (clerk.server.folder / "log").iterdir()]
    texts += [(clerk.server.base / "log").read_text("utf-8")]
    assert len(texts) > 3
    for text in texts:
        assert MARKER not in text
        assert not any(line.decode() in text for line in _private_key(clerk))


def test_the_repository_and_the_configuration_hold_no_secret(
    pushes: tuple[Clerk, list[Pushed]],
) -> None:
    clerk, _ = pushes
    keys = _private_key(clerk)
    for folder in ("repo.git", "nginx", "timer", "build"):
        for path in (clerk.server.folder / folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                assert MARKER.encode() not in data, path
                assert not any(key in data for key in keys), path


def test_others_cannot_enter_where_keys_and_drafts_are(
    pushes: tuple[Clerk, list[Pushed]],
) -> None:
    clerk, _ = pushes
    for name in ("keys", "build", "log"):
        assert (clerk.server.folder / name).stat().st_mode & 0o077 == 0, name
    assert (clerk.server.folder / "keys/signing_key").stat().st_mode & 0o077 == 0
