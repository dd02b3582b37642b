"""The ``sitegen`` command as a process of its own; also ``python -m sitegen``."""

from __future__ import annotations

import gc
import sys

from sitegen.cli import main


def run() -> int:
    """Run the program in a process that then ends; returns its exit status."""
    status = main()
    gc.freeze()  # all goes with the process: nobody need look through it for garbage first
    return status


if __name__ == "__main__":
    sys.exit(run())
