"""What hooks and timers say to the pusher, and what they keep in the log."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from sitegen.commands.publishtext import publish_text
from sitegen.problems import Problem, Severity, Translate
from sitegen.publish.server.layout import Layout
from sitegen.publish.server.receiving import Desk, Received
from sitegen.terminal import problem_text

_MOST_ERRORS, _MOST_WARNINGS = 20, 5
_LOGS = 200
"""How many logs of pushes are kept."""


def received_text(
    act: str, received: Received, desk: Desk, log: Path | None, translate: Translate, *, quiet: bool
) -> Iterator[str]:
    """What became of a push, or of a day, line by line. Errors come first, and not all of them."""
    _ = translate
    area = desk.layout.area
    errors = [p for p in received.problems if p.severity is Severity.ERROR]
    warnings = [p for p in received.problems if p.severity is Severity.WARNING]
    shown = errors[:_MOST_ERRORS] + ([] if errors or quiet else warnings[:_MOST_WARNINGS])
    for problem in shown:
        yield problem_text(problem, area, _)
    if left := len(errors) + len(warnings) - len(shown):
        text = _("… and {count} more problems; all of them are in {file} on the server")
        if not quiet or errors:
            yield text.format(count=left, file=log)
    if received.status:
        yield _refused(act, received, len(errors), _)
    elif received.held and not quiet:
        text = _("The site was taken back to {release} and stays there until the next push.")
        yield text.format(release=received.held)
    elif quiet or not received.commit:
        return
    elif act == "pre-receive":
        yield _("Checked: no errors. Taking it in …")
    elif received.published is not None:
        told = received.published
        if told.release:  # how to go back is the technician's business, and in the handbook
            told = replace(told, before="")
        yield from publish_text(told, desk.target, False, _)
        if desk.settings.site_url and received.published.release:
            yield desk.settings.site_url


def _refused(act: str, received: Received, errors: int, _: Translate) -> str:
    if act == "pre-receive":
        if received.status == 1:
            if received.published is None:
                return _("The push was refused; the site stays as it is.")
            text = _("The push was refused because of {count} errors; the site stays as it is.")
            return text.format(count=errors) + " " + _("Mend them, commit, and push again.")
        return _("The push was refused; the site stays as it is. Please tell the technician.")
    text = _("The commit is in the repository, but was not published; the site stays as it was.")
    if act == "rebuild":
        text = _("Nothing was published; the site stays as it was.")
    return text + " " + _("It is tried again at the next push, and every day.")


def log_text(problems: Iterable[Problem], layout: Layout, translate: Translate) -> str:
    """Everything that was found, for the log."""
    return "".join(problem_text(each, layout.area, translate) + "\n" for each in problems)


def write_log(
    layout: Layout, act: str, received: Received, text: str, now: datetime.datetime
) -> Path | None:
    """Write the log of one act, and a line into the list of all; None where nothing happened.

    A log that cannot be written stops nothing.
    """
    if not received.commit:
        return None
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    file = layout.log / f"{stamp}-{act}-{received.commit[:10]}.txt"
    published = received.published
    release = published.release if published and act != "pre-receive" else ""
    words = (stamp, act, received.commit, str(received.status), release or "-")
    try:
        layout.log.mkdir(mode=0o700, exist_ok=True)
        with (layout.log / "pushes.tsv").open("a", encoding="utf-8") as listed:
            listed.write("\t".join(words) + "\n")
        if text:
            file.write_text(text, "utf-8")
        for old in sorted(layout.log.glob("*-*.txt"))[:-_LOGS]:
            old.unlink()
    except OSError:
        return None
    return file if text else None
