"""The audit of dependencies finds what is not pinned, and tells found faults from no answer."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DIGEST = "--hash=sha256:" + "0" * 64


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci/audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_that_sitegen_depends_on_is_pinned_with_digests(audit: ModuleType) -> None:
    for name in audit.LOCKS:
        text = (ROOT / name).read_text("utf-8")
        assert audit.faults_of_lock(name, text) == []
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert audit.unlocked(project, (ROOT / "requirements-dev.lock").read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        f"jinja2>=3.1 {DIGEST}",
        "jinja2==3.1.6",
        "jinja2==3.1.6 --hash=md5:00",
        f"jinja2 @ https://elsewhere.example/jinja2.whl {DIGEST}",
        "-e .",
        "--extra-index-url https://elsewhere.example/",
    ],
)
def test_what_is_not_pinned_is_found(audit: ModuleType, line: str) -> None:
    lock = f"markdown==3.7 \\\n    {DIGEST}\n    # via sitegen\n{line}\n"
    assert len(audit.faults_of_lock("a.lock", lock)) == 1


def test_a_package_that_was_not_locked_is_found(audit: ModuleType) -> None:
    project = '[project]\ndependencies = ["Jinja2>=3", "python_calamine[a]>=1"]\n'
    lock = f"jinja2==3.1.6 {DIGEST}\n"
    assert audit.unlocked(project, lock) == ["python_calamine"]


def test_known_faults_are_told_apart_from_no_answer(audit: ModuleType) -> None:
    fault = '{"id": "X-1", "fix_versions": ["2"]}'
    told = '{"dependencies": [{"name": "a", "version": "1", "vulns": [%s]}]}'
    assert audit.known_faults(told % fault) == ["a 1: X-1, mended in 2"]
    assert audit.known_faults(told % "") == []
    assert audit.known_faults("") is None
