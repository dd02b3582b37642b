"""What sitegen depends on: every package is pinned with digests, and none has a known fault.

    python .ci/audit.py

The first is read from the lock files. For the second a public service is asked (pip-audit, with the
advisories of OSV); where the network is closed that is said, and is no failure: then ask from
elsewhere, with the command that is printed. Exit status: 0 well, 1 something is wrong.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
COMMAND = (
    "pip_audit", "--requirement", "requirements-dev.lock", "--require-hashes", "--disable-pip",
    "--vulnerability-service", "osv", "--timeout", "10", "--progress-spinner", "off",
    "--format", "json",
)  # fmt: skip
PATIENCE = 300

_PINNED = re.compile(r"([A-Za-z0-9._-]+)(\[[A-Za-z0-9,._-]+\])?==([^\s;]+)( ;.*)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def requirements(text: str) -> Iterator[tuple[str, list[str]]]:
    """The requirements of a lock file: what is required, and the options that follow it."""
    joined = re.sub(r"\\\n", " ", text)
    for line in joined.splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            wanted, *options = re.split(r"\s+(?=--)", line)
            yield wanted.strip(), options


def faults_of_lock(name: str, text: str) -> list[str]:
    """What in a lock file is not pinned to one version with its digests."""
    faults = []
    for wanted, options in requirements(text):
        if not _PINNED.fullmatch(wanted):
            faults.append(f"{name}: not pinned to one version: {wanted}")
        elif not options or not all(_HASH.fullmatch(option) for option in options):
            faults.append(f"{name}: without digests: {wanted}")
    return faults


def unlocked(project: str, locked: str) -> list[str]:
    """Packages that the project names and the lock does not hold."""
    told = tomllib.loads(project)
    groups = told.get("dependency-groups", {}).values()
    wanted = [*told["project"]["dependencies"], *(each for group in groups for each in group)]
    held = {_normal(found[1]) for w, _ in requirements(locked) if (found := _PINNED.match(w))}
    texts = [each for each in wanted if isinstance(each, str)]
    names = [re.split(r"[\s<>=~!;\[]", text, maxsplit=1)[0] for text in texts]
    return sorted({name for name in names if _normal(name) not in held})


def known_faults(answer: str) -> list[str] | None:
    """What pip-audit found, from its answer in JSON; None if it could not ask."""
    try:
        told = json.loads(answer)
    except ValueError:
        return None
    return [
        f"{package['name']} {package['version']}: {fault['id']}, mended in "
        + (", ".join(fault["fix_versions"]) or "no version yet")
        for package in told["dependencies"]
        for fault in package.get("vulns", ())
    ]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Check, ask, and tell."""
    texts = {name: (ROOT / name).read_text("utf-8") for name in LOCKS}
    faults = [fault for name, text in texts.items() for fault in faults_of_lock(name, text)]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    faults += [f"{LOCKS[1]}: not locked: {name}" for name in unlocked(project, texts[LOCKS[1]])]
    for name, text in texts.items():
        print(f"{name}: {sum(1 for _ in requirements(text))} packages")
    print("\n".join(faults) if faults else "every one is pinned to a version, with its digests")

    try:
        done = subprocess.run(
            [sys.executable, "-m", *COMMAND],
            cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        found, told = known_faults(done.stdout), done.stderr.strip()
    except subprocess.TimeoutExpired:
        found, told = None, "timeout"
    if found is None:
        reason = told.splitlines()[-1][:200] if told else "no answer"
        print(f"NOT ASKED for known faults; the advisory service cannot be reached: {reason}")
        print(f"ask from a place with access: python -m {' '.join(COMMAND)}")
    else:
        print("\n".join(found) if found else "none has a fault that OSV knows of")
    return 1 if faults or found else 0


if __name__ == "__main__":
    sys.exit(main())
