"""The few lines at the end of a build: what was made, what was left out and why, what to mend."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sitegen.build import BuildResult
from sitegen.problems import N_, Problem, Severity, Translate
from sitegen.site.leftout import LeftOut

_REASONS = {
    "draft": N_("draft"),
    "scheduled": N_("scheduled for {date}"),
    "on-request": N_("disclosed on request only"),
    "withheld": N_("not to be disclosed"),
    "closed": N_("its time of publicity ended on {date}"),
}
_MOST = 12


def summary_text(
    result: BuildResult, seconds: float, output: Path, verbose: bool, translate: Translate
) -> str:
    """The summary of a build; `seconds` is how long it took. All left-out ones if `verbose`."""
    _ = translate
    lines = [_counts(result.problems, _)]
    if result.left_out and result.committed is not None:
        lines.append(_("Left out ({count}):").format(count=len(result.left_out)))
        shown = result.left_out if verbose else result.left_out[:_MOST]
        lines += [f"  content/{left.path}  {left.title}  — {_reason(left, _)}" for left in shown]
        if len(shown) < len(result.left_out):
            more = _("  … and {count} more (--verbose shows all)")
            lines.append(more.format(count=len(result.left_out) - len(shown)))
    if result.committed is None:
        lines.append(_("Nothing was written; the last good site stays as it was."))
    else:
        done = result.committed
        text = _(
            "{documents} documents, {files} files in {folder}: {written} written, "
            "{unchanged} unchanged, {removed} removed ({seconds} s)"
        )
        lines.append(
            text.format(
                documents=result.documents,
                files=done.written + done.unchanged,
                folder=output,
                written=done.written,
                unchanged=done.unchanged,
                removed=done.removed,
                seconds=f"{seconds:.1f}",
            )
        )
    return "\n".join(line for line in lines if line)


def _reason(left: LeftOut, _: Translate) -> str:
    text = _(_REASONS.get(left.reason, left.reason))
    return text.format(date=left.on.isoformat() if left.on else "?")


def _counts(problems: Iterable[Problem], _: Translate) -> str:
    listed = list(problems)
    number = {
        severity: sum(problem.severity is severity for problem in listed) for severity in Severity
    }
    if not number[Severity.ERROR] and not number[Severity.WARNING]:
        return _("No errors, no warnings.")
    text = _("{errors} errors, {warnings} warnings.")
    return text.format(errors=number[Severity.ERROR], warnings=number[Severity.WARNING])
