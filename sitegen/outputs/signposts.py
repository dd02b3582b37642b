"""Signposts for web servers: which addresses moved, which are gone, how downloads are called.

A page says by itself that it moved or was withdrawn; a server should say it with its status too,
and a folder of files has no status. So the release carries it in the names of small files, which a
server finds with its ordinary means, at every request, without a list that it would have to reload:

    .well-known/sitegen-signs/
        gone/a/b.html.410              answer a/b.html with 410 and its page
        moved/a/old.html.301/x.y.new   answer a/old.html with 301 to x/y/new.html
        names.map                      the names of attachments, for nginx's map

The files are empty but for the last; ``sitegen.publish.nginx`` writes the configuration that reads
them. A server that knows nothing of them serves the pages, which lead the reader on as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from sitegen.outputs.downloads import is_open
from sitegen.outputs.output import Made, Output, Workshop
from sitegen.render.theme import Theme
from sitegen.site.questions import question
from sitegen.site.site import Site

PRODUCERS = ("signpost",)
FOLDER = ".well-known/sitegen-signs/"
GONE, MOVED, NAMES = FOLDER + "gone/", FOLDER + "moved/", FOLDER + "names.map"
GONE_MARK, MOVED_MARK = ".410", ".301"
"""The ends of the names: no signpost looks like a page."""
SEPARATOR = "."
"""Stands for the slash in the name of a target; in an address, only endings have dots."""
PAGE = ".html"
DEEPEST = 16
"""Folders above a target that a signpost leads to; beyond, the page at the old address leads on."""
_LONGEST_NAME = 255
"""Bytes in a file's name, on the file systems of Linux, macOS and Windows."""
_PLAIN = re.compile(r"[a-z0-9_.~/-]{1,450}")


def plan(site: Site, theme: Theme) -> Iterator[Output]:
    """One for each old address and each document that is gone; the names, if there are any."""
    for entry in site.entries.values():
        if not is_open(entry):
            yield Output(f"{GONE}{entry.address}{GONE_MARK}", PRODUCERS[0], part="gone")
    for redirect in site.redirects:
        if sign := _moved(redirect.address, redirect.target):
            yield Output(sign, PRODUCERS[0], part="moved")
    if any(entry.attachments for entry in site.entries.values() if is_open(entry)):
        yield Output(NAMES, PRODUCERS[0], part="names")


def gone_at(path: str) -> str:
    """The address that a file of a release says is gone; empty for any other file."""
    if path.startswith(GONE) and path.endswith(GONE_MARK):
        return path.removeprefix(GONE).removesuffix(GONE_MARK)
    return ""


def moved_at(path: str) -> tuple[str, str]:
    """The old and the new address, of a file of a release that says so; empty for any other."""
    folder, _, name = path.removeprefix(MOVED).rpartition("/")
    if path.startswith(MOVED) and folder.endswith(MOVED_MARK):
        return folder.removesuffix(MOVED_MARK), name.replace(SEPARATOR, "/") + PAGE
    return "", ""


def _moved(old: str, new: str) -> str:
    """The signpost at an old address; empty where no name of a file can hold the new one."""
    target = new.removesuffix(PAGE)
    name = target.replace("/", SEPARATOR)
    longest = max(len(name), len(old.rpartition("/")[2] + MOVED_MARK))
    if target == new or SEPARATOR in target or longest > _LONGEST_NAME:
        return ""
    return f"{MOVED}{old}{MOVED_MARK}/{name}" if target.count("/") <= DEEPEST else ""


def produce(output: Output, workshop: Workshop) -> Made:
    """Make one of them."""
    if output.part != "names":
        return Made()
    named = workshop.site.ask(attachment_names)
    return Made(b"".join(f'/{address} "{name}";\n'.encode() for address, name in named))


@question
def attachment_names(site: Site) -> tuple[tuple[str, str], ...]:
    """Address and percent-encoded name (RFC 5987) of every attachment, by address.

    Only letters, digits and ``%-._~`` are left in a name, so that whatever a file is called it is
    one word of a server's configuration and of a header. Addresses that nginx would have no room
    for are left out.
    """
    named = {
        file.address: quote(file.name, safe="")
        for entry in site.entries.values()
        if is_open(entry)
        for file in entry.attachments
        if _PLAIN.fullmatch(file.address)
    }
    return tuple(sorted(named.items()))
