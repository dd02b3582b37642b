"""Files of content that are offered as they are: where they are found, and what they are."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sitegen.site.site import Attachment, Site
from sitegen.site.slugs import legal

MEDIA_TYPES = {
    "7z": "application/x-7z-compressed",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "csv": "text/csv; charset=utf-8",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "et": "application/vnd.ms-excel",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ofd": "application/ofd",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rar": "application/vnd.rar",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "webm": "video/webm",
    "webp": "image/webp",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
"""Our own table, because the system's differs from machine to machine."""

RUNNING = frozenset({
    # what a browser runs as a page or as a part of one, in the name of the site
    "htm", "html", "xhtml", "xht", "shtml", "stm", "mht", "mhtml", "hta", "htc", "js", "mjs",
    "cjs", "wasm", "swf", "svgz", "xsl", "xslt", "xbl",
    # what a web server may be set up to run
    "php", "php3", "php4", "php5", "phtml", "phar", "asp", "aspx", "ashx", "jsp", "jspx", "cgi",
    # what runs where it is saved
    "exe", "com", "scr", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "jse", "wsf", "wsh", "msi",
    "msp", "msix", "appx", "cpl", "dll", "sys", "lnk", "url", "inf", "reg", "chm", "hlp", "jar",
    "apk", "app", "dmg", "deb", "rpm", "sh", "bash", "command", "desktop",
})  # fmt: skip
"""Endings of files that are programs somewhere; none is offered for download."""

_LEGAL_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Files:
    """The files of ``content/``: their sizes by path, and who works out a digest.

    `digest` gives the SHA-256 of a file in hexadecimal; it is asked only for files that are
    offered, and may raise OSError when a file has just gone.
    """

    sizes: Mapping[str, int]
    digest: Callable[[str], str]
    faulty: frozenset[str] = frozenset()
    """Files and folders of which a fault was told when they were found or read. What follows from
    it is not told as well: they are not missed, nor is anything said of what they may say."""

    def is_faulty(self, path: str) -> bool:
        """Whether a fault of this file, or of a folder that holds it, has been told."""
        while path and path not in self.faulty:
            path = path.rpartition("/")[0]
        return bool(path)


def media_type(name: str) -> str:
    """The media type of a file name."""
    return MEDIA_TYPES.get(extension(name), "application/octet-stream")


def is_running(name: str) -> bool:
    """Whether a file of that name would run: in a browser, on a server, or where it is saved."""
    return extension(name) in RUNNING


def extension(name: str) -> str:
    """The extension of a file name in lower case without its dot; '' if it has no plain one."""
    found = name.rpartition("/")[2].rpartition(".")
    last = found[2].lower()
    return last if found[0] and _EXTENSION.fullmatch(last) else ""


def candidates(document: str, written: str) -> tuple[str, ...]:
    """Where a file that a document names may lie, best first, relative to ``content/``.

    First the document's own folder (``<stem>/``), then the folder of the document, then (also for
    a leading ``/``) from ``content/`` on. A path that leaves ``content/`` has no place.
    """
    name = unicodedata.normalize("NFC", written.strip().replace("\\", "/"))
    folder = document.rpartition("/")[0]
    own = document.rpartition(".")[0]
    if "/" not in name and name not in ("", ".", ".."):  # nearly all
        beside = f"{folder}/{name}" if folder else name
        return tuple(dict.fromkeys((f"{own}/{name}", beside, name)))
    roots = ("",) if name.startswith("/") else (own, folder, "")
    places = (posixpath.normpath(posixpath.join(root, name.lstrip("/"))) for root in roots)
    return tuple(dict.fromkeys(p for p in places if p != ".." and not p.startswith("../")))


def find(document: str, written: str, known: Collection[str]) -> str | None:
    """The file that a document names, among those known; None if there is none."""
    return next((path for path in candidates(document, written) if path in known), None)


def offered(site: Site, document: str, written: str) -> Attachment | None:
    """What a value of type ``file`` leads to: one of the attachments, or of the site's files."""
    entry = site.entries.get(document)
    own = {a.source: a for a in entry.attachments} if entry else {}
    for path in candidates(document, written):
        if path in own:
            return own[path]
        if path in site.files:
            return site.files[path]
    return None


def address_name(name: str, slug: str = "") -> str:
    """The ASCII name of a file in its address: as it is, in lower case; else by slug or hash.

    The hash is of the name, so that the address is stable while the file's content changes. A name
    without an extension is hashed too: as it is, it could be a folder's.
    """
    suffix = extension(name)
    if slug:
        return slug if not suffix or slug.endswith("." + suffix) else f"{slug}.{suffix}"
    lower = name.lower()
    if suffix and name.isascii() and _LEGAL_NAME.fullmatch(lower):
        return lower
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "replace"))
    return f"fujian-{digest.hexdigest()[:8]}" + (f".{suffix}" if suffix else "")


def address_folder(name: str) -> str:
    """The ASCII name of a folder of files in an address."""
    lower = name.lower()
    return lower if legal(lower) else address_name(name.replace(".", "_"))


def human_name(name: str, title: str = "") -> str:
    """The name under which people save a file: its title with the file's extension."""
    suffix = name[len(name.rpartition(".")[0]) :] if extension(name) else ""
    chosen = title if title else name
    if suffix and not chosen.lower().endswith(suffix.lower()):
        chosen += suffix
    return _UNSAFE_IN_NAMES.sub("_", chosen).strip(" .") or name


def nearest(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """The closest of the known names, as the tail of a hint (``; did you mean …?``); else empty.

    Cheap by design: a site may hold ten thousand names, and many mistakes.
    """
    import difflib  # imported late: needed for mistakes only

    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=cutoff)
    return found[0] if found else ""
