"""Clean equals incremental: whatever is edited or damaged, in whatever order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from damages import Damages
from edits import Building
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sourceedits import SourceEdits, TextEdits
from themeedits import ThemeEdits

THOROUGH = bool(os.environ.get("SITEGEN_THOROUGH"))
"""Whether to look for as long as ten minutes, at other places every time."""


class Everything(SourceEdits, ThemeEdits, Damages):
    """All that somebody may do to a site."""


class Theming(TextEdits, ThemeEdits, Damages):
    """Somebody who works on the theme, while others write texts."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("machine", "examples", "steps"),
    [(each, *((40, 30) if THOROUGH else (6, 12))) for each in (Everything, Theming)],
    ids=["everything", "theming"],
)
def test_clean_equals_incremental(
    machine: type[Building], examples: int, steps: int, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.reached.clear()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    if not THOROUGH:
        return
    if missed := rules(machine) - machine.reached.keys():  # by chance: then these alone
        others = dict.fromkeys(rules(machine) - missed)
        few = settings(chosen, max_examples=4, stateful_step_count=5 * len(missed))
        run_state_machine_as_test(type(machine.__name__, (machine,), others), settings=few)
    with capsys.disabled():
        print(f"\n{machine.__name__}: {told(machine)}")
    assert rules(machine) - machine.reached.keys() == set()


def rules(machine: type[RuleBasedStateMachine]) -> set[str]:
    """The names of the rules of a machine."""
    return {each.function.__name__ for each in machine.setup_state().rules}


def told(machine: type[Building]) -> str:
    """How often each rule was applied."""
    return ", ".join(f"{name} {count}" for name, count in sorted(machine.reached.items()))


def test_another_process_knows_what_this_one_read(tmp_path: Path) -> None:
    """Digests do not depend on a process's hash seed: one edit reads one document again."""
    root = tmp_path / "site"
    content = root / "content"
    content.mkdir(parents=True)
    (content / "site.yaml").write_text("网站名称: 示范\n", "utf-8")
    text = "---\n标题: 通知{0}\n发布日期: 2026-03-01\n责任部门: 办公室\n---\n正文。\n"
    for number in range(5):
        (content / f"a{number}.md").write_text(text.format(number), "utf-8")
    read = []
    for seed in ("1", "2"):
        (content / "a0.md").write_text(text.format(0) + f"第{seed}次。\n", "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "sitegen", "-C", root, "build", "--lang", "en"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        read += re.findall(r"Reading documents \((\d+)\)", done.stderr)
    assert read == ["5", "1"]
