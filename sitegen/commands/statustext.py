"""The status of a site in words a clerk understands, and as values for machines."""

from __future__ import annotations

from pathlib import Path

from sitegen.authoring import status as words
from sitegen.authoring.status import DocumentChange, Status, Upcoming
from sitegen.problems import N_, Translate
from sitegen.site import lifecycle
from sitegen.terminal import problem_text, problem_values

_ACTS = {
    words.ADDED: N_("new"),
    words.PUBLISHED_NOW: N_("made public"),
    words.EDITED: N_("edited"),
    words.MOVED: N_("moved"),
    words.WITHDRAWN_NOW: N_("withdrawn"),
    words.BACK: N_("brought back"),
    words.DELETED: N_("deleted"),
}
_STATES = {
    lifecycle.DRAFT: N_("draft"),
    lifecycle.SCHEDULED: N_("scheduled for {date}"),
    lifecycle.ON_REQUEST: N_("disclosed on request only"),
    lifecycle.WITHHELD: N_("not to be disclosed"),
}
_AHEAD = {
    words.PUBLISH: N_("becomes public"),
    words.EFFECT: N_("takes effect"),
    words.EXPIRY: N_("expires"),
    words.CLOSING: N_("is no longer shown"),
    words.DECLARED: N_("change"),
}
_MOST = 20


def status_text(status: Status, root: Path, verbose: bool, translate: Translate) -> str:
    """The status for people; all that is ahead if `verbose`."""
    _ = translate
    lines: list[str] = []
    if status.changes is None:
        lines.append(_("There is no git repository here, so nothing can be compared."))
    elif not (status.changes or status.others):
        lines.append(_("Nothing changed since the last commit."))
    else:
        lines.append(_("Changed since the last commit ({count}):").format(
            count=len(status.changes) + len(status.others)
        ))  # fmt: skip
        lines += [_change_line(change, _) for change in status.changes]
        lines += [f"  {_(_ACTS[other.act])}  content/{other.path}" for other in status.others]
        lines += ["", _("The public update log will say:")]
        lines += [
            f"  {line.on}  {line.act}  {line.title}" + (f"：{line.note}" if line.note else "")
            for line in status.log
        ] or ["  " + _("nothing new")]
        if status.problems:
            lines += ["", _("Still missing ({count}):").format(count=len(status.problems))]
            for problem in status.problems:
                lines += [f"  {line}" for line in problem_text(problem, root, _).split("\n")]
    if status.upcoming:
        shown = status.upcoming if verbose else status.upcoming[:_MOST]
        lines += ["", _("Ahead, by itself ({count}):").format(count=len(status.upcoming))]
        lines += [_upcoming_line(each, _) for each in shown]
        if len(shown) < len(status.upcoming):
            more = _("  … and {count} more (--verbose shows all)")
            lines.append(more.format(count=len(status.upcoming) - len(shown)))
    return "\n".join(lines)


def _change_line(change: DocumentChange, translate: Translate) -> str:
    _ = translate
    notes = []
    if change.state in _STATES:
        notes.append(_(_STATES[change.state]).format(date=change.on))
    if change.old:
        notes.append(_("before: {path}").format(path=f"content/{change.old}"))
    if change.files:
        notes.append(_("files: {names}").format(names="、".join(change.files)))
    tail = f"  — {'; '.join(notes)}" if notes else ""
    return f"  {_(_ACTS[change.act])}  content/{change.path}  {change.title}{tail}"


def _upcoming_line(each: Upcoming, translate: Translate) -> str:
    what = each.note if each.what == words.DECLARED else translate(_AHEAD[each.what])
    return f"  {each.on}  {what}  {each.title}  content/{each.path}"


def status_values(status: Status, translate: Translate) -> dict[str, object]:
    """The status for machines: words as in ``authoring.status``; null without a repository."""
    changes = None
    if status.changes is not None:
        changes = [
            {
                "act": change.act,
                "path": f"content/{change.path}",
                "old": f"content/{change.old}" if change.old else None,
                "title": change.title,
                "state": change.state or None,
                "on": str(change.on) if change.on else None,
                "files": list(change.files),
            }
            for change in status.changes
        ]
    return {
        "changes": changes,
        "others": [{"act": each.act, "path": f"content/{each.path}"} for each in status.others],
        "log": [
            {
                "on": str(line.on),
                "act": line.act,
                "title": line.title,
                "note": line.note,
                "path": f"content/{line.path}",
            }
            for line in status.log
        ],
        "missing": [problem_values(problem, translate) for problem in status.problems],
        "upcoming": [
            {
                "on": str(each.on),
                "what": each.what,
                "title": each.title,
                "note": each.note or None,
                "path": f"content/{each.path}",
            }
            for each in status.upcoming
        ],
    }
