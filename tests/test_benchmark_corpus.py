"""The generated site of the benchmark: sound, and always the same."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

from sitegen.build import DONE, BuildOptions, build
from sitegen.engine.reporter import Silent

CORPUS = Path(__file__).parents[1] / "benchmarks" / "corpus.py"
NOW = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)


def generate(folder: Path, documents: int, seed: int = 1) -> None:
    command = [sys.executable, CORPUS, folder, "--documents", str(documents), "--seed", str(seed)]
    subprocess.run(command, check=True, capture_output=True)


def files(folder: Path) -> dict[str, bytes]:
    content = folder / "content"
    return {
        file.relative_to(content).as_posix(): file.read_bytes()
        for file in content.rglob("*")
        if file.is_file()
    }


def test_200_documents_build_without_a_problem(tmp_path: Path) -> None:
    generate(tmp_path, 200)
    result = build(BuildOptions(tmp_path, tmp_path / "build"), NOW, Silent())
    assert [str(problem.where) + problem.message() for problem in result.problems] == []
    assert result.status == DONE
    assert result.documents == 200


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("first", 1), ("second", 1), ("other", 2)):
        generate(tmp_path / name, 50, seed)
    assert files(tmp_path / "first") == files(tmp_path / "second")
    assert files(tmp_path / "first") != files(tmp_path / "other")


def test_the_mix_is_the_one_that_is_promised(tmp_path: Path) -> None:
    generate(tmp_path, 200)
    names = [Path(name) for name in files(tmp_path) if not Path(name).name.startswith("_")]
    permits = [name for name in names if "xuke" in name.parts and name.suffix == ".yaml"]
    budgets = [name for name in names if "yusuan" in name.parts and name.suffix == ".yaml"]
    guides = [name for name in names if name.parts[0] == "bsfw" and name.suffix == ".yaml"]
    articles = [name for name in names if name.suffix == ".md"]
    assert [len(part) for part in (articles, guides, permits, budgets)] == [140, 40, 16, 4]
    assert sum(name.suffix == ".pdf" for name in names) == 200 // 5
