"""The sites that the peers are given: the same documents, whole, in the words of each tool."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from corpus import write_corpus
from peers import PEERS
from peers.documents import Document, documents
from peers.peer import HERE
from peers.sources import Written

NUMBER = 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_corpus(folder, NUMBER)
    return folder


@pytest.fixture(scope="module", params=sorted(PEERS))
def emitted(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Written]:
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, folder, PEERS[request.param].emit(site, folder)


def read(file: Path) -> tuple[dict[str, Any], str]:
    """Front matter as a tool reads it, with types guessed, and the text."""
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def test_every_document_of_the_corpus_is_read_with_its_tables_and_attachment(site: Path) -> None:
    every = list(documents(site))
    assert len(every) == NUMBER
    assert sum(document.attachment is not None for document in every) == NUMBER // 5
    by_form: dict[str, Document] = {document.form: document for document in every}
    assert set(by_form) == {"article", "guide", "permit-decisions", "budget"}
    assert by_form["article"].body
    assert not by_form["article"].tables
    assert set(by_form["guide"].tables) >= {"申请材料", "办理流程"}
    assert len(by_form["permit-decisions"].tables["许可决定"]) >= 20
    assert by_form["permit-decisions"].info["许可决定数"] == str(
        len(by_form["permit-decisions"].tables["许可决定"])
    )
    assert len(by_form["budget"].tables) == 10


def test_a_peer_gets_every_value_as_a_text(emitted: tuple[str, Path, Written], site: Path) -> None:
    name, folder, _ = emitted
    for document in documents(site):
        head, body = read(folder / PEERS[name].source(document))
        assert head["title"] == document.title
        assert head["date"].isoformat() == document.day
        assert head["tags"] == list(document.tags)
        assert head["category"] == document.column
        assert head["summary"] == document.summary
        assert head["info"] == document.info
        assert head.get("tables", {}) == document.tables
        assert body.strip() == document.body.strip()


def test_a_peer_gets_every_attachment_at_the_same_address(
    emitted: tuple[str, Path, Written], site: Path
) -> None:
    name, folder, written = emitted
    attached = [document for document in documents(site) if document.attachment]
    for document in attached:
        assert document.attachment is not None
        address = f"{document.address}/{document.attachment.file.name}"
        assert (folder / "content" / address).read_bytes() == document.attachment.file.read_bytes()
        assert read(folder / PEERS[name].source(document))[0]["attachment"]["file"] == f"/{address}"
    assert len(list((folder / "content").rglob("*.pdf"))) == len(attached) == written.attachments


def test_labels_stand_in_the_order_of_the_sources(emitted: tuple[str, Path, Written]) -> None:
    _, folder, _ = emitted
    forms = json.loads((folder / "data/forms.json").read_text(encoding="utf-8"))
    assert forms["article"]["info"][:3] == ["索引号", "发布机构", "责任部门"]
    (table,) = forms["permit-decisions"]["tables"]
    assert table["title"] == "许可决定"
    assert (table["columns"][0], table["columns"][-1]) == ("行政相对人名称", "公示日期")
    assert len(table["columns"]) == 18


def test_the_layout_can_be_edited_and_no_page_but_a_number_of_lists_is_expected(
    emitted: tuple[str, Path, Written],
) -> None:
    name, folder, written = emitted
    layout = (folder / PEERS[name].layout).read_text(encoding="utf-8")
    assert layout.count("</body>") == 1
    # Documents, seven columns of one page each, five that hold others, tags, their list, home.
    tags = sum(-(-count // 20) for count in written.tags.values())
    lists = sum(1 for count in written.columns.values() if count)
    assert written.pages() == NUMBER + lists + (12 - lists) + tags + 2


def test_versions_are_pinned_and_no_file_names_a_registry() -> None:
    for file in [*HERE.glob("*.txt"), *HERE.glob("*.package.json")]:
        assert "://" not in file.read_text(encoding="utf-8"), file
    for file in HERE.glob("*.txt"):
        lines = file.read_text(encoding="utf-8").splitlines()
        words = [line for line in lines if not line.startswith("#")]
        assert all(re.match(r"[a-z-]+==[\d.]+", line) for line in words), file
    package = json.loads((HERE / "eleventy.package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"[\d.]+", version) for version in package["dependencies"].values())


def test_the_peers_convert_markdown_with_the_version_that_sitegen_is_locked_to() -> None:
    lock = (HERE.parents[1] / "requirements.lock").read_text(encoding="utf-8")
    locked = re.findall(r"(?m)^(markdown|pyyaml)==([\d.]+)", lock)
    assert len(locked) == 2
    for name in ("pelican", "mkdocs"):
        pinned = (HERE / f"{name}.txt").read_text(encoding="utf-8")
        assert all(f"{library}=={version}" in pinned for library, version in locked)
