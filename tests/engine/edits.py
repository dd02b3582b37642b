"""A site that somebody works on: what every machine of edits has, and how it compares builds."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import editedsite
import pytest
from editedsite import FILES, article, difference, write
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from sitegen.build import DONE, BuildResult
from sitegen.engine import book, pool, sources, standing, store
from sitegen.engine.workspace import ledger_folder
from sitegen.making import keeping, remaking
from sitegen.making.explaining import explain
from sitegen.making.memory import CHANGED, recall

MEMORY = Path("/dev/shm")
"""Where files are that need no disk, if there is such a place."""
HELD = st.sampled_from([False, False, True])
_RAW = re.compile(r" *\w:")
"""A subject as it is recorded, where words should be."""
FOREIGN = "fremd/x.txt"
"""A file that somebody else put into the output folder."""

BOUNDS = (
    (book, "_FEW", 0),
    (keeping, "_SLACK", 0),
    (remaking, "_SPLICED", 1),
    (sources, "_ROWS", 3),
    (store, "_MOST_PACKS", 1),
)
"""Numbers from which the program goes other ways, so small that it does."""

MORE_FILES: dict[str, str | bytes] = {
    "content/tzgg/f.md": article(
        "关于己的通知", "2026-04-08", "正文己。", "旧地址: [tzgg/ji.html]\n"
    ),
    "content/xxgk/jieshao.md": article("机构介绍", "2026-01-03", "介绍。", "排序: 1\n"),
    "themes/middle/theme.yaml": "parent: default\n",
}  # fmt: skip
"""What the site has besides, for the machines."""


class Clean(NamedTuple):
    """What a build from nothing gives."""

    result: BuildResult
    digests: dict[str, str]


def edit(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A rule that edits or damages something; a build follows, or another edit comes before it."""

    def made(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def step(self: Building, held: bool, **values: Any) -> None:
            function(self, **values)
            self.reached[function.__name__] += 1
            self.waiting += 1
            if not held:
                self.check()

        return rule(held=HELD, **drawn)(step)

    return made


def digests(folder: Path) -> dict[str, str]:
    """All files and folders below a folder; files with the digest of their bytes."""
    return {
        path.relative_to(folder).as_posix(): "folder" if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
    }  # fmt: skip


class Building(RuleBasedStateMachine):
    """A site in which every build is held against a clean one."""

    reached: ClassVar[Counter[str]] = Counter()
    """How often each rule was applied, and what became of the builds."""
    known: ClassVar[dict[str, Clean]] = {}
    """Clean builds by all that they are made from."""

    def __init__(self) -> None:
        super().__init__()
        place = str(MEMORY) if MEMORY.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-test-", dir=place))
        self.root = self.folder / "site"
        self.output = self.root / "build"
        self.day = editedsite.DAY
        self.drafts = False
        self.well = True
        self.faulty = 0
        """The number of builds since the last one that was done."""
        self.waiting = 0
        """The number of edits since the last build."""

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(repository=st.booleans())
    def start(self, repository: bool) -> None:
        for path, content in MORE_FILES.items():
            write(self.root, path, content)
        editedsite.make_site(self.root, repository=repository)
        self.check()
        assert self.well

    # Builds

    @rule()
    def build_without_the_cache(self) -> None:
        self.reached["build_without_the_cache"] += 1
        self.check(cache=False)

    @rule()
    def build_with_workers(self) -> None:
        self.reached["build_with_workers"] += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pool, "SMALL", 1)
            patch.setattr(standing, "_MANY", 1)
            self.check(jobs=2)

    @rule()
    def build_as_if_there_were_much(self) -> None:
        """In the ways that are taken where there are very many documents, outputs or edits."""
        self.reached["build_as_if_there_were_much"] += 1
        with pytest.MonkeyPatch.context() as patch:
            for module, name, bound in BOUNDS:
                patch.setattr(module, name, bound)
            self.check()

    def options(self) -> dict[str, Any]:
        return {"as_of": self.day, "drafts": self.drafts}

    def build(self, **more: Any) -> BuildResult:
        """Build the site as it is now."""
        return editedsite.run(self.root, **self.options(), **more)

    def check(self, **how: Any) -> None:
        """Build, and compare all that comes of it with a clean build."""
        expected, whole = self.clean()
        before = self.standing()
        result = self.build(**how)
        self.compare(result, expected)
        now = self.standing()
        self.well = result.status == DONE
        self.reached["builds that were done" if self.well else "builds with errors"] += 1
        self.reached["several edits at once"] += self.waiting > 1
        self.waiting = 0
        if not self.well:
            assert difference(now, before) == []
            assert self.build().problems == result.problems
            self.faulty += 1
            if self.faulty == 3:  # a build with errors makes nothing, so there should be few
                self.copy(self.folder / "good", self.root)
            return
        self.faulty = 0
        self.copy(self.root, self.folder / "good")
        assert self.told(difference(now, whole)) == ""
        assert result.committed is not None
        assert expected.committed is not None
        total = expected.committed.written
        assert result.committed.written + result.committed.unchanged == total
        self.explained(difference(before, now), now)
        again = self.build()
        self.compare(again, expected)
        assert again.committed is not None
        assert (again.committed.written, again.committed.removed) == (0, 0)

    def compare(self, result: BuildResult, expected: BuildResult) -> None:
        """Hold what a build says against what a clean one says."""
        assert result.status == expected.status
        assert result.problems == expected.problems
        assert result.documents == expected.documents
        assert result.left_out == expected.left_out

    def told(self, addresses: list[str]) -> str:
        """In what the outputs at these addresses differ from those of a clean build."""
        if not addresses:
            return ""
        editedsite.clean(self.root, self.folder / "clean", **self.options())
        pairs = {}
        for address in addresses[:3]:
            files = [self.output / address, self.folder / "clean/site/build" / address]
            texts = [file.read_text("utf-8", "replace") if file.is_file() else "" for file in files]
            pairs[address] = "\n".join(unified_diff(*(text.split("\n") for text in texts), n=0))
        return f"{addresses}\n" + "\n".join(pairs.values())

    def explained(self, addresses: list[str], now: dict[str, str]) -> None:
        """Whatever was written has a reason, in words."""
        written = [each for each in addresses if now.get(each, "folder") != "folder"]
        if not written:  # then what is remembered need not even be whole
            return
        remembered = recall(ledger_folder(self.root, self.output), 0, True)
        assert remembered.head is not None
        reasons = remembered.reasons()
        assert set(written) <= reasons.keys()
        for address in written[:2]:
            told = explain(self.root, self.output, address, str, "zh-CN", full=True)
            assert told.known
            assert len(told.lines) > (reasons[address].sort == CHANGED)
            assert not [line for line in told.lines if _RAW.match(line)]

    def standing(self) -> dict[str, str]:
        """The outputs as they stand, without what somebody else put among them."""
        found = digests(self.output) if self.output.exists() else {}
        for each in (FOREIGN, FOREIGN.partition("/")[0]):
            found.pop(each, None)
        return found

    def clean(self) -> Clean:
        """What a build from nothing gives for the sources as they are now."""
        key = self.sources()
        if key not in self.known:
            result, _ = editedsite.clean(self.root, self.folder / "clean", **self.options())
            output = self.folder / "clean/site/build"
            self.known[key] = Clean(result, digests(output) if output.exists() else {})
            self.reached["clean builds"] += 1
        return self.known[key]

    def sources(self) -> str:
        """A digest of everything that a build is made from."""
        parts = [str(self.options())]
        for name in ("content", "themes", ".git/refs"):
            parts += map(str, digests(self.root / name).items())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @staticmethod
    def copy(one: Path, other: Path) -> None:
        """Bring content and themes from one folder to another."""
        for name in ("content", "themes"):
            shutil.rmtree(other / name, ignore_errors=True)
            shutil.copytree(one / name, other / name)

    # Helps for rules

    def put(self, path: str, content: str | bytes) -> None:
        """Write a file, wherever that is possible."""
        with suppress(NotADirectoryError, FileExistsError, IsADirectoryError):
            write(self.root, path, content)

    def line(self, path: str, key: str, value: str) -> None:
        """Give a field of a document's source another value."""
        file = self.root / path
        if file.exists():
            lines = file.read_text("utf-8").splitlines(keepends=True)
            lines = [f"{key}: {value}\n" if each.startswith(key + ":") else each for each in lines]
            file.write_text("".join(lines), "utf-8")

    def add_to(self, path: str, text: str) -> None:
        """Add a text to the end of a file."""
        file = self.root / path
        if file.exists():
            file.write_text(file.read_text("utf-8") + text, "utf-8")

    def everything_again(self) -> None:
        """All sources as they were in the beginning."""
        for name in ("content", "themes"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for path, content in {**FILES, **MORE_FILES}.items():
            write(self.root, path, content)
