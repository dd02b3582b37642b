"""Problems on the terminal, in the form and language that the command line asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from sitegen.problems import Problem, Severity, Translate
from sitegen.terminal import problem_text, problems_json


def show(
    problems: Sequence[Problem],
    root: Path,
    options: argparse.Namespace,
    _: Translate,
    out: TextIO,
    err: TextIO,
) -> None:
    """Print problems: notices only with ``--verbose``, no warnings with ``--quiet``."""
    if options.format == "json":
        print(problems_json(problems, _), file=err)
        return
    for problem in problems:
        if problem.severity is Severity.NOTICE and not options.verbose:
            continue
        if problem.severity is Severity.WARNING and options.quiet:
            continue
        print(problem_text(problem, root, _), file=err)
