"""The commands that help with writing: new, fix, withdraw, move and status."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import zoneinfo
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sitegen.arguments import MISUSE, date
from sitegen.commands.showing import show
from sitegen.problems import Problem, Translate, has_errors, ordered

if TYPE_CHECKING:
    from sitegen.authoring.fix import Fixed
    from sitegen.authoring.mending import Mend
    from sitegen.authoring.new import Start
    from sitegen.making.frame import Frame

DONE, PROBLEMS = 0, 1

AddCommand = Callable[..., argparse.ArgumentParser]


def add_commands(command: AddCommand, _: Translate) -> None:
    """Add the parsers; `command` makes one from a name, a function, a help and an example."""
    new = command(
        "new",
        run_new,
        _("begin a document: a commented file with the next index number"),
        "sitegen new policy zhengce/2026/banfa --set 标题=关于试行的办法",
    )
    new.add_argument("kind", metavar=_("KIND"), help=_("its kind, such as article or 政策文件"))
    new.add_argument("path", metavar=_("FILE"), help=_("where it goes, such as tzgg/2026/tingshui"))
    new.add_argument(
        "--set",
        action="append",
        default=[],
        metavar=_("FIELD=VALUE"),
        help=_("the value of a field; several with ； between them; may be given again"),
    )
    new.add_argument("--csv", action="store_true", help=_("tables as CSV files with headings"))
    new.add_argument("--no-ask", action="store_true", help=_("ask nothing, also on a terminal"))
    _add_day(new, _)
    fix = command(
        "fix",
        run_fix,
        _("mend what was certainly meant: slugs, dates, numbers, colons"),
        "sitegen fix tzgg --dry-run",
    )
    fix.add_argument(
        "paths", nargs="*", metavar=_("FILE"), help=_("files or folders (default: all)")
    )
    fix.add_argument("--dry-run", action="store_true", help=_("show it, and write nothing"))
    fix.add_argument("--sort", action="store_true", help=_("bring the fields in order, too"))
    withdraw = command(
        "withdraw",
        run_withdraw,
        _("withdraw a public document, with the reason"),
        "sitegen withdraw tzgg/2026/tingshui.md --note 内容有误，另行发布",
    )
    withdraw.add_argument("path", metavar=_("FILE"), help=_("the document's source file"))
    withdraw.add_argument(
        "--note", default="", metavar=_("TEXT"), help=_("the reason, for readers")
    )
    withdraw.add_argument("--responsible", default="", metavar=_("TEXT"), help=_("who decided it"))
    _add_day(withdraw, _)
    move = command(
        "move",
        run_move,
        _("move a document: its files, its old address, the links to it"),
        "sitegen move tzgg/2026/banfa.md zhengce/2026/",
    )
    move.add_argument("old", metavar=_("FILE"), help=_("the document's source file"))
    move.add_argument("new", metavar=_("NEW"), help=_("another folder, or another file name"))
    move.add_argument("--note", default="", metavar=_("TEXT"), help=_("the reason, for readers"))
    move.add_argument("--dry-run", action="store_true", help=_("show it, and write nothing"))
    _add_day(move, _)
    status = command(
        "status",
        run_status,
        _("show what changed since the last commit, and what is missing"),
        "sitegen status --format json",
    )
    _add_day(status, _)


def _add_day(parser: argparse.ArgumentParser, _: Translate) -> None:
    parser.add_argument(
        "--as-of", type=date(_), metavar=_("DATE"), help=_("as on this day, instead of today")
    )


def run_new(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Begin a document."""
    from sitegen.authoring.new import begin, write_down
    from sitegen.authoring.paths import write_file
    from sitegen.authoring.schemafiles import write_schemas

    root, frame = _frame(options, _, out, err)
    if frame is None:
        return MISUSE
    path = _content_path(options.path, root, options, _, out, err)
    if path is None:
        return MISUSE
    try:
        start, problem = begin(frame, options.kind, path + "/" * options.path.endswith("/"))
    except KeyError:
        text = _('There is no kind "{name}". These are known: {names}')
        names = ", ".join(frame.kinds.kinds)
        print(text.format(name=options.kind, names=names), file=err)
        return MISUSE
    if start is None:
        show([problem] if problem else [], root, options, _, out, err)
        return MISUSE
    today = _today(options, frame)
    values, problems = _given(start, options.set, _)
    if problems:
        show(problems, root, options, _, out, err)
        return MISUSE
    if options.format == "text" and not options.no_ask and sys.stdin.isatty():
        values = _asked(start, values, today, _, err)
    new = write_down(start, values, today, as_csv=options.csv)
    for name, data in new.files.items():
        write_file(frame.tree.root / name, data)
    write_schemas(root, frame.kinds, (start.kind.name, "site", "column"))
    if options.format == "json":
        told = {
            "path": f"content/{start.path}",
            "files": [f"content/{name}" for name in new.files],
            "unfilled": list(new.unfilled),
            "index_no": new.values.get("index_no"),
        }
        _print_json(told, out)
        return DONE
    for name in new.files:
        print(f"content/{name}", file=out)
    if new.unfilled and not options.quiet:
        text = _("It is a draft; still to be filled in: {titles}")
        print(text.format(titles="、".join(new.unfilled)), file=err)
    return DONE


def _given(start: Start, settings: list[str], _: Translate) -> tuple[dict[str, str], list[Problem]]:
    """The values of ``--set``, by field name."""
    from sitegen.authoring import codes
    from sitegen.authoring.new import field_of, read_answer

    values: dict[str, str] = {}
    problems: list[Problem] = []
    for setting in settings:
        key, found, text = setting.replace("＝", "=").partition("=")
        if not found:
            problems.append(codes.NO_EQUALS.at(None, value=setting))
            continue
        field = field_of(start, key.strip())
        if isinstance(field, Problem):
            problems.append(field)
            continue
        value, problem = read_answer(start, field, text)
        if problem is not None:
            problems.append(problem)
        elif value:
            values[field.name] = value
    return values, problems


def _asked(
    start: Start,
    values: Mapping[str, str],
    today: datetime.date,
    _: Translate,
    err: TextIO,
) -> dict[str, str]:
    """The values with the answers of the person at the terminal for what is required."""
    from sitegen.authoring.new import defaults, read_answer, required

    values = dict(values)
    known = {**defaults(start, today), **values}
    fields = [f for f in required(start) if f.name not in known and f.type != "object"]
    fields = [field for field in fields if field.name != "index_no"]
    if fields:
        print(_("Press Enter to leave an answer open."), file=err)
    for field in fields:
        while True:
            description = field.description.get("zh", "")
            note = f"（{description.rstrip('。')}）" if description else ""
            print(f"{field.title.get('zh', field.name)}{note}: ", end="", file=err, flush=True)
            answer = sys.stdin.readline()
            if not answer:
                return values
            if not answer.strip():
                break
            value, problem = read_answer(start, field, answer)
            if problem is None:
                values[field.name] = value
                break
            hint = problem.hint(_)
            print(f"  {problem.message(_)}" + (f"\n  → {hint}" if hint else ""), file=err)
    return values


def run_fix(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Mend what was certainly meant."""
    from sitegen.authoring import codes
    from sitegen.authoring.fix import fix, write
    from sitegen.problems import Location

    root, frame = _frame(options, _, out, err)
    if frame is None:
        return MISUSE
    paths = []
    for word in options.paths:
        path = _content_path(word, root, options, _, out, err)
        if path is None:
            return MISUSE
        if path and not any(f.path == path or f.path.startswith(path + "/") for f in frame.tree):
            missing = codes.NOT_FOUND.at(Location(f"content/{path}"), path=f"content/{path}")
            show([missing], root, options, _, out, err)
            return MISUSE
        paths.append(path)
    fixed = fix(frame, paths, sort=options.sort)
    if not options.dry_run:
        write(frame.tree, fixed)
    show(fixed.problems, root, options, _, out, err)
    if options.format == "json":
        _print_json(_fixed_json(fixed), out)
    else:
        for mend in fixed.mends:
            print(_mend_text(mend, _), file=out)
        if not options.quiet:
            text = _("{count} places in {files} files would be mended.")
            if not options.dry_run:
                text = _("{count} places in {files} files were mended.")
            files = len({mend.path for mend in fixed.mends})
            print(text.format(count=len(fixed.mends), files=files), file=err)
    return PROBLEMS if has_errors(fixed.problems) else DONE


def _mend_text(mend: Mend, _: Translate) -> str:
    place = f"content/{mend.path}:{mend.line}:{mend.column}"
    if not mend.title:
        if not mend.before:
            return f"{place}: " + _("the fields were put in order")
        return f"{place}: " + _("renamed: {before} → {after}").format(
            before=mend.before, after=mend.after
        )
    before = f"{mend.before} → " if mend.before else "+ "
    return f"{place}: {mend.title}: {before}{mend.after}"


def _fixed_json(fixed: Fixed) -> dict[str, object]:
    return {
        "mended": [
            {
                "path": f"content/{mend.path}",
                "line": mend.line,
                "column": mend.column,
                "field": mend.title or None,
                "before": mend.before or None,
                "after": mend.after or None,
            }
            for mend in fixed.mends
        ],
        "files": [f"content/{path}" for path in fixed.files],
        "renamed": {f"content/{old}": f"content/{new}" for old, new in fixed.renamed.items()},
    }


def run_withdraw(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Withdraw a document."""
    from sitegen.authoring.paths import write_file
    from sitegen.authoring.withdraw import withdrawn

    root, frame = _frame(options, _, out, err)
    if frame is None:
        return MISUSE
    path = _content_path(options.path, root, options, _, out, err)
    if path is None:
        return MISUSE
    today = _today(options, frame)
    data, problems = withdrawn(frame, path, options.note, today, options.responsible)
    show(problems, root, options, _, out, err)
    if data is None:
        return MISUSE
    write_file(frame.tree.file(path).disk, data)
    if options.format == "json":
        _print_json({"path": f"content/{path}", "on": str(today)}, out)
    elif not options.quiet:
        text = _("Withdrawn as of {on}: {path}. Its page will show the reason; keep the file.")
        print(text.format(on=today, path=f"content/{path}"), file=err)
    return DONE


def run_move(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Move a document."""
    from sitegen.authoring.moving import carry_out, move_document

    root, frame = _frame(options, _, out, err)
    if frame is None:
        return MISUSE
    old = _content_path(options.old, root, options, _, out, err)
    new = _content_path(options.new, root, options, _, out, err)
    if old is None or new is None:
        return MISUSE
    if options.new.endswith("/"):
        new += "/"
    moved, problems = move_document(frame, old, new, _today(options, frame), options.note)
    show(problems, root, options, _, out, err)
    if moved is None:
        return MISUSE
    if not options.dry_run:
        carry_out(frame, moved)
    linking = sorted(path for path in moved.files if path != moved.new)
    if options.format == "json":
        told = {
            "old": f"content/{moved.old}",
            "new": f"content/{moved.new}",
            "old_address": moved.old_address,
            "new_address": moved.new_address,
            "redirect": moved.alias,
            "links": [f"content/{path}" for path in linking],
        }
        _print_json(told, out)
        return DONE
    print(f"content/{moved.old} → content/{moved.new}", file=out)
    for path in linking:
        print(f"content/{path}: " + _("links to it changed"), file=out)
    if moved.alias and not options.quiet:
        text = _("The old address {old} leads to {new} from now on.")
        print(text.format(old=moved.old_address, new=moved.new_address), file=err)
    return DONE


def run_status(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    """Show what changed since the last commit."""
    from sitegen.authoring.status import site_status
    from sitegen.commands.statustext import status_text, status_values

    root, frame = _frame(options, _, out, err)
    if frame is None:
        return MISUSE
    status = site_status(frame, _today(options, frame))
    if options.format == "json":
        _print_json(status_values(status, _), out)
    else:
        print(status_text(status, root, options.verbose, _), file=out)
    return DONE


# What they share.


def _frame(
    options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO
) -> tuple[Path, Frame | None]:
    """The site's folder, and the site; None, with the reason told, where there is none."""
    from sitegen import codes
    from sitegen.making.frame import read_frame
    from sitegen.problems import Location

    root = Path(options.directory)
    if not (root / "content").is_dir():
        missing = codes.NO_CONTENT.at(Location(str(root)), folder=root)
        show([missing], root, options, _, out, err)
        return root, None
    frame, problems = read_frame(root)
    settings = [p for p in problems if p.where is not None and p.where.path == "content/site.yaml"]
    if options.command not in ("fix", "status") and has_errors(settings):
        show(ordered(settings), root, options, _, out, err)
        return root, None
    return root, frame


def _today(options: argparse.Namespace, frame: Frame) -> datetime.date:
    """The day that was asked for, or today's in the site's zone."""
    chosen: datetime.date | None = options.as_of
    zone = zoneinfo.ZoneInfo(frame.settings.timezone)
    return chosen or datetime.datetime.now(zone).date()


def _content_path(
    word: str,
    root: Path,
    options: argparse.Namespace,
    _: Translate,
    out: TextIO,
    err: TextIO,
) -> str | None:
    from sitegen.authoring import codes
    from sitegen.authoring.paths import content_path
    from sitegen.problems import Location

    path = content_path(root, word)
    if path is None:
        show([codes.OUTSIDE_CONTENT.at(Location(word), path=word)], root, options, _, out, err)
    return path


def _print_json(value: object, out: TextIO) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2), file=out)
