"""The command line: one function a command. The clock and the environment enter here."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from sitegen import __version__
from sitegen.arguments import (
    MISUSE,
    Parser,
    asked_language,
    date,
    everywhere,
    port,
    positive,
    processors,
    scheduler,
)
from sitegen.commands import explaining, publishing, serverinit
from sitegen.commands.showing import show as _show
from sitegen.commands.writing import add_commands
from sitegen.language import translator
from sitegen.problems import Translate

DONE, PROBLEMS, FAILED = 0, 1, 3
"""Exit statuses: done; errors in the content; wrong use or settings; the environment failed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status."""
    from sitegen.terminal import standard_streams

    out, err = standard_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _ = translator(asked_language(words))
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
        status = command(options, _, out, err)
        out.flush()
        return status
    except KeyboardInterrupt:
        print("\n" + _("Stopped; nothing was changed."), file=err)
        return 130
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
        jobs=options.jobs or processors(),
        cache=not options.no_cache,
        cluster=options.cluster,
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


def _serve(options: argparse.Namespace, _: Translate, out: TextIO, err: TextIO) -> int:
    import signal

    from sitegen.preview.serving import NoPortError, ServeOptions, serve
    from sitegen.terminal import Progress

    root = Path(options.directory)
    if not (root / "content").is_dir():
        from sitegen import codes
        from sitegen.problems import Location

        missing = codes.NO_CONTENT.at(Location(str(root)), folder=root)
        _show((missing,), root, options, _, out, err)
        return MISUSE
    chosen = ServeOptions(
        root=root,
        bind=options.bind,
        port=options.port,
        poll=options.poll,
        open=options.open,
        as_of=options.as_of,
        jobs=options.jobs or processors(),
        quiet=options.quiet,
        verbose=options.verbose,
    )
    reporter = Progress(err, _)

    def now() -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        serve(chosen, now, reporter, _, out, err)
    except NoPortError as error:
        print(_("No port is free among {ports}.").format(ports=error.strerror), file=err)
        return FAILED
    return DONE


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
    from sitegen.making.frame import site_kinds

    root = Path(options.directory)
    kinds, problems = site_kinds(root)
    _show(problems, root, options, _, out, err)
    if options.write:
        from sitegen.authoring.schemafiles import write_schemas

        for path in write_schemas(root, kinds):
            print(path, file=out)
        return DONE
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


def _parser(_: Translate) -> Parser:
    Parser.translate = staticmethod(_)
    parser = Parser(
        prog="sitegen",
        description=_("Builds the static site of a public disclosure column."),
        epilog=_("Example: sitegen build --output build"),
        parents=[everywhere(_, with_defaults=True)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"sitegen {__version__}",
        help=_("show the version and do nothing else"),
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(
        title=_("commands"), dest="command", metavar=_("COMMAND"), parser_class=Parser
    )

    def command(
        name: str, run: Callable[..., int], help: str, example: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name,
            help=help,
            description=help,
            epilog=_("Example: {example}").format(example=example),
            parents=[everywhere(_, with_defaults=False)],
        )
        added.set_defaults(run=run)
        return added

    build = command(
        "build", _build, _("build the site"), "sitegen build --as-of 2026-12-31 --output build"
    )
    add = build.add_argument
    add("--output", metavar=_("FOLDER"), help=_("where the site goes (default: build)"))
    add("--as-of", type=date(_), metavar=_("DATE"), help=_("build the site as on this day"))
    add("--drafts", action="store_true", help=_("show drafts and scheduled documents, marked"))
    add("--base-url", metavar="URL", help=_("the site's public address, instead of base_url"))
    add("--jobs", type=positive(_), metavar="N", help=_("worker processes (default: all cores)"))
    add("--cluster", type=scheduler(_), metavar="tcp://HOST:PORT", help=_("work on a Dask cluster"))
    add("--no-cache", action="store_true", help=_("make everything from nothing"))
    add(
        "--release",
        action="store_true",
        help=_("for publishing: refuse what a preview tolerates, such as a shallow clone"),
    )
    serve = command(
        "serve",
        _serve,
        _("preview the site: save a file and see the page"),
        "sitegen serve --port 8080 --no-open",
    )
    add = serve.add_argument
    add("--bind", metavar=_("ADDRESS"), default="127.0.0.1", help=_("listen there: 127.0.0.1"))
    add("--port", type=port(_), metavar="N", default=8000, help=_("listen on this port: 8000"))
    add("--poll", action="store_true", help=_("look for changes twice a second, without events"))
    add("--no-open", dest="open", action="store_false", help=_("do not open the browser"))
    add("--as-of", type=date(_), metavar=_("DATE"), help=_("show the site as on this day"))
    add("--jobs", type=positive(_), metavar="N", help=_("worker processes (default: all cores)"))
    init = command("init", _init, _("start a new site"), "sitegen init mysite")
    init.add_argument("folder", metavar=_("FOLDER"), help=_("a new or empty folder"))
    schema = command(
        "schema", _schema, _("print the JSON Schema of a kind, for editors"), "sitegen schema guide"
    )
    schema.add_argument(
        "kind", nargs="?", metavar=_("KIND"), help=_("a kind, site or column; without it, a list")
    )
    add = schema.add_argument
    add("--write", action="store_true", help=_("write all of them to .sitegen/schemas"))
    add_commands(command, _)
    explaining.add_command(command, _)
    publishing.add_commands(command, _)
    serverinit.add_command(command, _)
    return parser
