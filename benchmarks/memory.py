"""Measure whether memory grows with the length of the texts: it should not.

    python benchmarks/memory.py --documents 2000 --times 1 10

The corpus of the benchmark is built cold with its articles as they are, and again with the plain
paragraphs of every body so many times: cards, which are held in memory, know the headings and the
links of a body, since links are checked, but nothing else of it. Printed are the largest sum of the
memory of all processes (PSS: shared pages are counted once) and what was read and written. Linux
only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from corpus import AS_OF, write_corpus  # noqa: E402
from measuring import peak  # noqa: E402


def lengthen(site: Path, times: int) -> int:
    """Repeat the plain paragraphs of every article; returns the bytes of all bodies."""
    size = 0
    for file in sorted((site / "content").rglob("*.md")):
        _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
        plain = [part for part in body.split("\n\n") if not set(part) & set("#[|")]
        body = "\n\n".join([body, *plain * (times - 1)])
        file.write_text(f"---\n{head}---\n{body}", encoding="utf-8")
        size += len(body.encode())
    return size


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="measure memory with longer and longer bodies")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    print("| bodies, times | MB of bodies | MB of output | peak PSS, MB | wall s |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for times in chosen.times:
        with tempfile.TemporaryDirectory(prefix="sitegen-memory-") as temporary:
            site, output = Path(temporary) / "site", Path(temporary) / "build"
            write_corpus(site, chosen.documents)
            bodies = lengthen(site, times)
            command = [sys.executable, "-m", "sitegen", "build", "-C", str(site), "--quiet"]
            command += ["--output", str(output), "--as-of", str(AS_OF), "--jobs", str(chosen.jobs)]
            timing, most = peak(command, HERE.parent)
            written = sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
            cells = (bodies / 1e6, written / 1e6, most / 1e6, timing.wall)
            print(f"| {times} | " + " | ".join(f"{cell:.0f}" for cell in cells) + " |", flush=True)
            shutil.rmtree(output, ignore_errors=True)


if __name__ == "__main__":
    main()
