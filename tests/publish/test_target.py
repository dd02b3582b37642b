"""Targets of the settings: what can be published to, and what is refused before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.config import PublishTarget, Settings
from sitegen.making.frame import read_frame
from sitegen.publish.target import (
    Host,
    chosen_target,
    host_of,
    inside_site,
    local_target,
    targets_of,
)


def _codes(*targets: PublishTarget, root: Path = Path("/site")) -> list[str]:
    _, problems = targets_of(Settings(name="x", publish_targets=targets), root)
    return [problem.code for problem in problems]


def test_a_host_is_a_user_a_name_a_port_and_a_folder() -> None:
    host = host_of("ssh://xxgk@web1.shifan.example:2222/srv/xxgk/")
    assert host == Host("/srv/xxgk", "web1.shifan.example", "xxgk", 2222)
    assert str(host) == "ssh://xxgk@web1.shifan.example:2222/srv/xxgk"
    assert host.login == "xxgk@web1.shifan.example"


@pytest.mark.parametrize(
    "address",
    [
        "web1.shifan.example:/srv",
        "ssh://-oProxyCommand=touch/srv",
        "ssh://-l@web1/srv",
        "ssh://web1/srv/$(touch x)",
        "ssh://web1/srv/a b",
        "ssh://web1/srv/../etc",
        "ssh://web1/srv;reboot",
        "ssh://web1:0/srv",
        "ssh://web1:99999/srv",
        "ssh://web1",
        "https://web1/srv",
        "ssh://web1/srv\nx",
        "",
    ],
)
def test_what_could_be_taken_for_a_command_is_no_host(address: str) -> None:
    assert host_of(address) is None
    assert _codes(PublishTarget("a", hosts=(address,))) == ["P115"]


def test_the_settings_name_targets_in_either_language(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.yaml").write_text(
        "名称: 示范\n发布:\n  签名密钥: /keys/sign\n  发布目标:\n"
        "    - {名称: www, 服务器: [ssh://web1/srv/a, ssh://web2/srv/a], 保留版本数: 7}\n"
        "    - {name: 本机, path: ../out}\n",
        encoding="utf-8",
    )
    frame, problems = read_frame(tmp_path)
    assert not problems
    assert frame.settings.publish_key == "/keys/sign"
    (www, here), found = targets_of(frame.settings, tmp_path, frame.marks)
    assert not found
    assert [str(host) for host in www.hosts] == ["ssh://web1/srv/a", "ssh://web2/srv/a"]
    assert www.keep == 7
    assert here.hosts == (Host(str(tmp_path.parent / "out")),)
    assert here.hosts[0].is_local


def test_a_bad_host_is_shown_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/site.yaml").write_text(
        "name: x\npublish:\n  targets:\n    - name: www\n      hosts:\n        - web1:/srv\n"
    )
    frame, _ = read_frame(tmp_path)
    _, (problem,) = targets_of(frame.settings, tmp_path, frame.marks)
    assert problem.code == "P115"
    assert problem.where is not None
    assert problem.where.line == 6


def test_faulty_targets_are_told_all_together() -> None:
    assert _codes(
        PublishTarget("a"),
        PublishTarget("b", path="/srv/b", hosts=("ssh://web1/srv",)),
        PublishTarget("c", hosts=("ssh://web1/srv", "ssh://web1/srv")),
        PublishTarget("d", path="/srv/d", url="ftp://web1/"),
        PublishTarget("d", path="/srv/d"),
        PublishTarget("e", path="content/x"),
    ) == ["P114", "P114", "P118", "P117", "P119"]


def test_one_name_is_for_one_target() -> None:
    assert _codes(PublishTarget("a", path="/srv/1"), PublishTarget("a", path="/srv/2")) == ["P116"]


def test_the_only_target_needs_no_name() -> None:
    one, two = local_target(Path("/srv/one")), local_target(Path("/srv/two"))
    assert chosen_target([one], None) == (one, ())
    assert chosen_target([one, two], "two") == (two, ())
    for targets, name, code in (
        ([], None, "P111"),
        ([one, two], None, "P113"),
        ([one], "x", "P112"),
    ):
        target, problems = chosen_target(targets, name)
        assert target is None
        assert [problem.code for problem in problems] == [code]


def test_the_sources_are_never_published_over(tmp_path: Path) -> None:
    for folder in (".", "content", "content/a", "themes/x", ".git", "..", ".sitegen/x"):
        assert inside_site(local_target(tmp_path / folder), tmp_path), folder
    for folder in ("build", "www", "../www"):
        assert inside_site(local_target(tmp_path / folder), tmp_path) is None, folder
