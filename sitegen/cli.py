"""The command line: one function a command. The clock and the environment enter here."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from sitegen import __version__
from sitegen.language import LANGUAGES, translator
from sitegen.problems import N_, Translate

DONE, PROBLEMS, MISUSE, FAILED = 0, 1, 2, 3
"""Exit statuses: done; errors in the content; wrong use or settings; the environment failed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    from sitegen.terminal import standard_streams

    out, err = standard_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _ = translator(_asked_language(words))
    parser = _parser(_)
    try:
        options = parser.parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    if options.command is None:
        parser.print_help(out)
        return MISUSE
    command: Callable[[argparse.Namespace, Translate, TextIO, TextIO], int] = options.run
    try:
        return command(options, _, out, err)
    except KeyboardInterrupt:
        print("\n" + _("Stopped; nothing was changed."), file=err)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return DONE
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or str(error)
        print(_("The system refused: {reason}{place}").format(reason=reason, place=place), file=err)
        return FAILED


def _build(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    from sitegen.build import BuildOptions, build
    from sitegen.engine.reporter import Silent
    from sitegen.summary import summary_text
    from sitegen.terminal import Progress

    root = Path(options.directory)
    output = Path(options.output) if options.output else root / "build"
    chosen = BuildOptions(
        root=root,
        output=output,
        as_of=options.as_of,
        drafts=options.drafts,
        release=options.release,
        base_url=options.base_url,
        jobs=options.jobs or _processors(),
    )
    quiet = options.quiet or options.format == "json"
    reporter = Silent() if quiet else Progress(err, _)
    now = datetime.datetime.now(datetime.UTC)
    result = build(chosen, now, reporter)
    reporter.finish()
    _show(result.problems, root, options, _, out, err)
    if options.format == "text" and not options.quiet:
        took = (datetime.datetime.now(datetime.UTC) - now).total_seconds()
        print(summary_text(result, took, output, options.verbose, _), file=err)
    return result.status


def _init(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    from sitegen.authoring.starting import start_site

    folder = Path(options.folder)
    problem = start_site(folder)
    if problem is not None:
        _show((problem,), folder, options, _, out, err)
        return MISUSE
    if not options.quiet:
        print(_("A new site stands in {folder}. Next:").format(folder=folder), file=err)
        print(f"  cd {folder}\n  sitegen build", file=err)
    return DONE


def _schema(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    import json

    from sitegen.authoring.schema import json_schema, schema_names
    from sitegen.build import site_kinds

    root = Path(options.directory)
    kinds, problems = site_kinds(root)
    _show(problems, root, options, _, out, err)
    names = schema_names(kinds)
    if options.kind is None:
        for name, title in names.items():
            print(f"{name:24}{title}", file=out)
        return DONE
    if options.kind not in names:
        text = _('There is no kind "{name}". These are known: {names}')
        print(text.format(name=options.kind, names=", ".join(names)), file=err)
        return MISUSE
    print(json.dumps(json_schema(kinds, options.kind), ensure_ascii=False, indent=2), file=out)
    return DONE


def _show(
    problems: Sequence[object],
    root: Path,
    options: argparse.Namespace,
    _: Translate,
    out: TextIO,
    err: TextIO,
) -> None:
    from sitegen.problems import Problem, Severity
    from sitegen.terminal import problem_text, problems_json

    listed = [problem for problem in problems if isinstance(problem, Problem)]
    if options.format == "json":
        print(problems_json(listed, _), file=err)
        return
    for problem in listed:
        if problem.severity is Severity.NOTICE and not options.verbose:
            continue
        if problem.severity is Severity.WARNING and options.quiet:
            continue
        print(problem_text(problem, root, _), file=err)


class _Parser(argparse.ArgumentParser):
    """argparse, speaking our languages."""

    translate: Translate = str

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help; exit status 2."""
        text = self.translate(N_("{message}\nFor help: {command} --help"))
        self.exit(MISUSE, text.format(message=message, command=self.prog) + "\n")


def _parser(_: Translate) -> argparse.ArgumentParser:
    _Parser.translate = staticmethod(_)
    everywhere = _options(_, argparse.SUPPRESS)
    parser = _Parser(
        prog="sitegen",
        description=_("Builds the static site of a public disclosure column."),
        epilog=_("Example: sitegen build --output build"),
        parents=[_options(_, None)],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sitegen {__version__}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(
        title=_("commands"), dest="command", metavar=_("COMMAND"), parser_class=_Parser
    )

    def command(
        name: str, run: Callable[..., int], help: str, example: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=help,
            description=help,
            epilog=_("Example: {example}").format(example=example),
            parents=[everywhere],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    build = command(
        "build", _build, _("build the site"), "sitegen build --as-of 2026-12-31 --output build"
    )
    add = build.add_argument
    add("--output", metavar=_("FOLDER"), help=_("where the site goes (default: build)"))
    add("--as-of", type=_date(_), metavar=_("DATE"), help=_("build the site as on this day"))
    add("--drafts", action="store_true", help=_("show drafts and scheduled documents, marked"))
    add("--base-url", metavar="URL", help=_("the site's public address, instead of base_url"))
    add("--jobs", type=_positive(_), metavar="N", help=_("worker processes (default: all cores)"))
    add("--no-cache", action="store_true", help=_("make everything from nothing"))
    add(
        "--release",
        action="store_true",
        help=_("for publishing: refuse what a preview tolerates, such as a shallow clone"),
    )
    init = command("init", _init, _("start a new site"), "sitegen init mysite")
    init.add_argument("folder", metavar=_("FOLDER"), help=_("a new or empty folder"))
    schema = command(
        "schema", _schema, _("print the JSON Schema of a kind, for editors"), "sitegen schema guide"
    )
    schema.add_argument(
        "kind", nargs="?", metavar=_("KIND"), help=_("a kind, site or column; without it, a list")
    )
    return parser


def _options(_: Translate, default: object) -> _Parser:
    """The options that stand everywhere, before and after the command."""
    suppressed = default is argparse.SUPPRESS

    def usual(value: object) -> object:
        return argparse.SUPPRESS if suppressed else value

    parser = _Parser(add_help=False)
    group = parser.add_argument_group(_("everywhere"))
    add = group.add_argument
    add(
        "-C",
        dest="directory",
        metavar=_("FOLDER"),
        default=usual("."),
        help=_("the site's folder (default: this one)"),
    )
    add("--format", choices=("text", "json"), default=usual("text"), help=_("of the problems"))
    add("--lang", choices=LANGUAGES, default=usual("zh-CN"), help=_("of the messages"))
    add("--quiet", action="store_true", default=usual(False), help=_("say only what is wrong"))
    add("--verbose", action="store_true", default=usual(False), help=_("say everything"))
    return parser


def _asked_language(words: Sequence[str]) -> str:
    """The language of messages, needed before the command line is read."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return os.environ.get("SITEGEN_LANG", LANGUAGES[0])


def _date(_: Translate) -> Callable[[str], datetime.date]:
    def date(text: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            message = _('"{text}" is not a date; write it as 2026-03-01').format(text=text)
            raise argparse.ArgumentTypeError(message) from None

    return date


def _positive(_: Translate) -> Callable[[str], int]:
    def positive(text: str) -> int:
        if text.isascii() and text.isdigit() and int(text) > 0:
            return int(text)
        message = _('"{text}" is not a number from 1').format(text=text)
        raise argparse.ArgumentTypeError(message)

    return positive


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
