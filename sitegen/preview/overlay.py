"""What the preview adds to a page: a bar, marks on links, and the problems in words.

The page itself gets one script element; everything else is asked for by that script as one JSON
value, so that the page's own bytes say whether it must be loaded again.
"""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from sitegen.preview.session import Answer
from sitegen.preview.showing import Shown
from sitegen.problems import N_, Problem, Severity, Translate
from sitegen.site.cards import Card
from sitegen.site.lifecycle import PUBLISHED
from sitegen.source.history import History

SCRIPT, STYLE = "/-/preview.js", "/-/preview.css"
MOST_PROBLEMS = 50
"""Problems of one severity that a page lists; the terminal has them all."""
_META_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_HREF = re.compile(rb'<a\s[^>]*?href="([^"#?:]+)[#"]')
_AROUND = 2
_LONGEST_LINE = 200
_DATES = (
    "formed_on", "published_on", "effective_on", "expires_on", "public_until",
)  # fmt: skip

_STATES = {
    "draft": N_("draft"),
    "scheduled": N_("scheduled for {date}"),
    "published": N_("published"),
    "withdrawn": N_("withdrawn on {date}"),
    "closed": N_("publicity ended on {date}"),
    "expired": N_("no longer in force"),
    "on-request": N_("disclosed on request only"),
    "withheld": N_("not to be disclosed"),
}
_WORDS = {
    "preview": N_("Preview"),
    "errors": N_("Problems to mend: {count}"),
    "warnings": N_("Worth a look: {count}"),
    "more": N_("… and {count} more: see the terminal"),
    "last_good": N_("This is the last page that could be made."),
    "broken": N_("This page cannot be made at present."),
    "hide": N_("Hide"),
    "show": N_("Show"),
    "source": N_("Source"),
    "kind": N_("Kind"),
    "dates": N_("Dates"),
    "history": N_("History"),
    "day": N_("As on"),
    "lost": N_("The preview has ended. Start it again with: sitegen serve"),
}
_COMMITTED = {
    "": N_("as last committed ({date})"),
    "new": N_("new, not committed yet"),
    "edited": N_("edited since the last commit ({date})"),
}


def injected(content: bytes, answer: Answer, as_of: datetime.date | None, address: str) -> bytes:
    """A page with the preview's script in it. The server's policy replaces the page's own."""
    values = {
        "address": address,
        "version": answer.page.version,
        "day": as_of.isoformat() if as_of else "",
    }
    data = "".join(f' data-{name}="{html.escape(value)}"' for name, value in values.items())
    script = f'<script src="{SCRIPT}"{data} defer></script>\n'.encode()
    content = _META_POLICY.sub(b"", content, count=1)
    head, body, tail = content.rpartition(b"</body>")
    return head + script + body + tail if body else content + script


def stand_in(translate: Translate) -> bytes:
    """The page shown where none could ever be made; the overlay says why."""
    title = html.escape(translate(_WORDS["broken"]))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>\n</body></html>\n"
    ).encode()


def about(
    answer: Answer,
    root: Path,
    history: History,
    committed: str,
    translate: Translate,
) -> dict[str, object]:
    """All that the script shows beside a page.

    `committed` says whether its source is ``new`` or ``edited`` since the last commit.
    """
    problems = _listed(answer)
    counts = {s: sum(p.severity is s for p in problems) for s in (Severity.ERROR, Severity.WARNING)}
    return {
        "version": answer.page.version,
        "words": {
            name: translate(text).replace(
                "{count}", str(counts[Severity.ERROR if name == "errors" else Severity.WARNING])
            )
            if name != "more"
            else translate(text)
            for name, text in _WORDS.items()
        },
        "stale": answer.stale,
        "broken": any(p.severity is Severity.ERROR for p in answer.page.problems),
        "errors": _values(problems, Severity.ERROR, root, translate),
        "warnings": _values(problems, Severity.WARNING, root, translate),
        "counts": {severity.value: count for severity, count in counts.items()},
        "bar": _bar(answer, history, committed, translate),
        "marks": _marks(answer, translate),
        "today": answer.state.as_of.isoformat(),
    }


def source_of(answer: Answer) -> str:
    """The file that one would open to edit a page, relative to the site's folder."""
    output, site = answer.output, answer.state.site
    if not answer.found:
        return ""
    if output.subject in site.entries:
        return f"content/{output.subject}"
    column = f"{output.subject}/_column.yaml"
    if output.producer == "listing" and column in answer.state.inputs.files.sizes:
        return f"content/{column}"
    return "content/site.yaml"


def _listed(answer: Answer) -> list[Problem]:
    """Problems of the page itself first, then of its source, then all others."""
    own = source_of(answer)
    folder = own.rpartition(".")[0] + "/"
    page = list(answer.page.problems)
    rest = [problem for problem in answer.state.problems if problem not in page]

    def near(problem: Problem) -> bool:
        return problem.where is not None and (
            problem.where.path == own or problem.where.path.startswith(folder)
        )

    return page + sorted(rest, key=lambda problem: not near(problem))


def _values(
    problems: list[Problem], severity: Severity, root: Path, translate: Translate
) -> list[dict[str, object]]:
    chosen = [problem for problem in problems if problem.severity is severity]
    return [
        {
            "place": str(problem.where) if problem.where else "",
            "code": problem.code,
            "message": problem.message(translate),
            "hint": problem.hint(translate),
            "lines": _lines(problem, root),
        }
        for problem in chosen[:MOST_PROBLEMS]
    ]


def _lines(problem: Problem, root: Path) -> list[dict[str, object]]:
    """The source lines around a problem, as text; none for spreadsheets and lost files."""
    where = problem.where
    if where is None or not where.line or where.cell:
        return []
    try:
        with (root / where.path).open("rb") as file:
            text = file.read(1 << 20).decode("utf-8-sig")
    except (OSError, UnicodeError, ValueError):
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = max(where.line - _AROUND, 1)
    return [
        {"number": number, "text": lines[number - 1][:_LONGEST_LINE], "here": number == where.line}
        for number in range(first, min(where.line + _AROUND, len(lines)) + 1)
    ]


def _bar(
    answer: Answer, history: History, committed: str, translate: Translate
) -> dict[str, object]:
    state, path = answer.state, answer.output.subject
    source = source_of(answer)
    bar: dict[str, object] = {"source": source, "git": _git(source, history, committed, translate)}
    entry = state.site.entries.get(path) if answer.found else None
    if entry is None:
        return bar
    card = state.card(path) or entry.card
    name, label = status_of(state, card, translate)
    kinds = state.site.kinds
    kind = kinds.kinds.get(card.kind)
    titles = {field.name: field.title for field in kinds.common}
    language = "en" if translate is str else "zh"
    return bar | {
        "kind": (kind.title.get(language) or kind.title["zh"]) if kind else card.kind,
        "status": name,
        "status_label": label,
        "dates": [
            f"{titles.get(field, {}).get(language) or field} {day.isoformat()}"
            for field in _DATES
            if (day := getattr(card, field)) is not None
        ],
        "history": [
            " ".join(part for part in (each.on.isoformat(), each.act, each.note) if part)
            for each in entry.changes
        ],
    }


def status_of(state: Shown, card: Card, translate: Translate) -> tuple[str, str]:
    """What a document really is on the day: a name, and words for it."""
    real = state.state(card)
    name = real.name
    ended = card.expires_on is not None and card.expires_on < state.as_of
    if name == PUBLISHED and ended:
        name = "expired"
    label = translate(_STATES[name])
    return name, label.format(date=real.on.isoformat() if real.on else "?")


def _git(source: str, history: History, committed: str, translate: Translate) -> str:
    if not history.present or not source:
        return ""
    trail = history.files.get(source.removeprefix("content/"))
    date = trail.touches[-1].on.isoformat() if trail and trail.touches else ""
    state = committed if date else "new"
    return translate(_COMMITTED[state]).format(date=date)


def _marks(answer: Answer, translate: Translate) -> dict[str, str]:
    """Links of the page to documents that the built site does not show, with the reason."""
    unlike = answer.state.unlike()
    if not unlike:
        return {}
    base = PurePosixPath(answer.output.address).parent
    marks = {}
    for href in set(_HREF.findall(answer.page.content)):
        target = unquote(urlsplit(html.unescape(href.decode("utf-8", "replace"))).path)
        address = _resolved(base, target)
        if card := unlike.get(address):
            marks[address] = status_of(answer.state, card, translate)[1]
    return dict(sorted(marks.items()))


def _resolved(base: PurePosixPath, target: str) -> str:
    parts: list[str] = [] if target.startswith("/") else list(base.parts)
    for part in target.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)
