"""Runs sitegen, and writes down what it does to the world outside its site.

    python audited.py REPORT ROOT ARGUMENTS...      in the site's folder, which is ROOT

The interpreter itself reports every file that is opened, every process that is started and every
network address that is looked up (PEP 578), whichever library asks for it. REPORT gets a line for
each event that has no business in a build: a kind, and what it was about.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path


def main() -> int:
    report, root = Path(sys.argv[1]), os.path.realpath(sys.argv[2])
    from sitegen.cli import main as sitegen

    homes = (
        root,
        str(Path(__file__).resolve().parents[2] / "sitegen"),
        str(Path(__file__).resolve().parents[2] / "themes"),
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_path("stdlib"),
        "/usr/share/zoneinfo",
        "/usr/lib",
        os.devnull,
    )
    found: list[str] = []

    def watch(event: str, values: tuple[object, ...]) -> None:
        if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
            found.append(f"network {event} {values[1:]}")
        elif event in ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"):
            found.append(f"process {event} {values}")
        elif event == "subprocess.Popen":
            words = values[1]
            program = words[0] if isinstance(words, (list, tuple)) else words
            if program != "git":
                found.append(f"process {words}")
        elif event in ("pickle.find_class", "ctypes.dlopen"):
            found.append(f"code {event} {values}")
        elif event == "open" and isinstance(values[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(values[0]))
            writes = bool(int(str(values[2] or 0)) & (os.O_WRONLY | os.O_RDWR))
            allowed = (root,) if writes else homes
            if not path.startswith(tuple(f"{home}/" for home in allowed)) and path not in homes:
                found.append(f"{'write' if writes else 'read'} {path}")

    sys.addaudithook(watch)
    status = sitegen(sys.argv[3:])
    report.write_text("".join(f"{line}\n" for line in dict.fromkeys(found)))
    return status


if __name__ == "__main__":
    sys.exit(main())
