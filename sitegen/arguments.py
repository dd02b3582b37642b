"""The command line's words: argparse, speaking our languages.

argparse brings English words of its own; here they are given, or told again, in the language that
was asked for.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from sitegen.language import LANGUAGES
from sitegen.problems import N_, Translate

MISUSE = 2
"""The exit status of wrong use."""

_TOLD_AGAIN = (
    (r"unrecognized arguments: (.*)", N_("unknown: {0}")),
    (r"the following arguments are required: (.*)", N_("missing: {0}")),
    (
        r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.*)\)",
        N_('{0}: "{1}" is not known; choose from {2}'),
    ),
    (r"argument (.+?): expected one argument", N_("{0} needs a value after it")),
    (r"argument (.+?): ignored explicit argument '(.*)'", N_("{0} takes no value")),
    (r"ambiguous option: (.+?) could match (.*)", N_("{0} may mean {1}; write it out")),
    (r"argument (.+?): (.*)", N_("{0}: {1}")),
)


class Parser(argparse.ArgumentParser):
    """An argument parser whose own words are in the language of `translate`."""

    translate: Translate = staticmethod(str)
    """Set once, before the first parser is made."""

    def __init__(self, *, add_help: bool = True, **options: Any) -> None:
        _ = self.translate
        super().__init__(**{**options, "add_help": False, "formatter_class": _Help})
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        if add_help:
            self.add_argument(
                "-h", "--help", action="help", help=_("show this help and do nothing else")
            )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help; exit status 2."""
        _ = self.translate
        for pattern, text in _TOLD_AGAIN:
            if found := re.fullmatch(pattern, message):
                message = _(text).format(*found.groups())
                break
        text = _("{message}\nFor help: {command} --help")
        self.exit(MISUSE, text.format(message=message, command=self.prog) + "\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        prefix = Parser.translate(N_("usage: ")) if prefix is None else prefix
        super().add_usage(usage, actions, groups, prefix)


def everywhere(_: Translate, *, with_defaults: bool) -> Parser:
    """The options that stand everywhere, before the command (`with_defaults`) and after it."""

    def usual(value: object) -> object:
        return value if with_defaults else argparse.SUPPRESS

    parser = Parser(add_help=False)
    add = parser.add_argument_group(_("everywhere")).add_argument
    add(
        "-C",
        dest="directory",
        metavar=_("FOLDER"),
        default=usual("."),
        help=_("the site's folder (default: this one)"),
    )
    add("--format", choices=("text", "json"), default=usual("text"), help=_("of the problems"))
    add("--lang", choices=LANGUAGES, default=usual(LANGUAGES[0]), help=_("of the messages"))
    add("--quiet", action="store_true", default=usual(False), help=_("say only what is wrong"))
    add("--verbose", action="store_true", default=usual(False), help=_("say everything"))
    return parser


def asked_language(words: Sequence[str]) -> str:
    """The language of messages, needed before the command line is read."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return LANGUAGES[0]


def date(_: Translate) -> Callable[[str], datetime.date]:
    """A type for dates such as 2026-03-01."""

    def read(text: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            message = _('"{text}" is not a date; write it as 2026-03-01').format(text=text)
            raise argparse.ArgumentTypeError(message) from None

    return read


def positive(_: Translate) -> Callable[[str], int]:
    """A type for whole numbers from 1."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and int(text) > 0:
            return int(text)
        message = _('"{text}" is not a number from 1').format(text=text)
        raise argparse.ArgumentTypeError(message)

    return read


def port(_: Translate) -> Callable[[str], int]:
    """A type for ports; 0 means any free one."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and int(text) < 65536:
            return int(text)
        message = _('"{text}" is not a port, a number up to 65535').format(text=text)
        raise argparse.ArgumentTypeError(message)

    return read


def scheduler(_: Translate) -> Callable[[str], str]:
    """A type for the addresses of schedulers, such as tcp://10.0.0.5:8786."""

    def read(text: str) -> str:
        if re.fullmatch(r"(tcp|tls)://([\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}", text, re.ASCII):
            return text
        message = _('"{text}" is not an address of a scheduler; write it as tcp://10.0.0.5:8786')
        raise argparse.ArgumentTypeError(message.format(text=text))

    return read


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
