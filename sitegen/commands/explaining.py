"""The command that says why an output was made or reused: explain."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from sitegen.problems import Translate

DONE, MISUSE = 0, 2


def add_command(command: Callable[..., argparse.ArgumentParser], _: Translate) -> None:
    """Add the parser; `command` makes one from a name, a function, a help and an example."""
    explain = command(
        "explain",
        run,
        _("say why an output was made or reused at the last build"),
        "sitegen explain tzgg/index.html",
    )
    add = explain.add_argument
    add("address", metavar=_("ADDRESS"), help=_("an address of the site, such as tzgg/index.html"))
    add("--output", metavar=_("FOLDER"), help=_("where the site goes (default: build)"))


def run(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Explain one output."""
    from sitegen.making.explaining import explain

    root = Path(options.directory)
    output = Path(options.output) if options.output else root / "build"
    address = _address(options.address, output)
    told = explain(root, output, address, _, options.lang, full=options.verbose)
    if options.format == "json":
        print(json.dumps({"address": address, "known": told.known, "lines": told.lines},
                         ensure_ascii=False), file=out)  # fmt: skip
    else:
        stream = out if told.known else err
        for line in (address, *told.lines) if told.known else told.lines:
            print(line, file=stream)
    return DONE if told.known else MISUSE


def _address(given: str, output: Path) -> str:
    """The address that is meant: a file in the output folder does for it, and a folder too."""
    prefix = output.as_posix().rstrip("/") + "/"
    address = given.removeprefix(prefix).lstrip("/")
    return address + "index.html" if not address or address.endswith("/") else address
