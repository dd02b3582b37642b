"""The gettext catalogues: extract the messages, keep the .po files in order, compile the .mo files.

``make catalogues`` runs this; a test holds what it would write against what is committed.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
MESSAGES = ROOT / "sitegen" / "locale" / "zh_CN" / "LC_MESSAGES" / "sitegen.po"
THEME = ROOT / "themes" / "default"
THEME_WORDS = THEME / "locale" / "zh_CN" / "LC_MESSAGES" / "theme.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def program_messages() -> set[str]:
    """Every message of the program that people may see."""
    return _extracted(ROOT / "sitegen", [("**.py", "python")])


def theme_messages() -> set[str]:
    """Every word of the default theme and of the views that fill it."""
    return _extracted(THEME, [("**.html", "jinja2"), ("**.xml", "jinja2"), ("**.txt", "jinja2")])


def _extracted(folder: Path, methods: list[tuple[str, str]]) -> set[str]:
    options = {name: {"trimmed": "true", "silent": "false"} for name, _ in methods}
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(folder, methods, options, KEYWORDS):
        found.update([message] if isinstance(message, str) else [m for m in message if m])
    return found - {""}


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=path.stem)


def ordered(path: Path, wanted: set[str] | None) -> bytes:
    """The catalogue's file in good order: sorted, without unused entries (if `wanted` is given)."""
    old = read(path)
    new = Catalog(locale="zh_CN", domain=path.stem, project="sitegen", charset="utf-8")
    new.header_comment = "# The messages of sitegen in Chinese (zh-CN)."
    new.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Language", "zh_CN"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    ]
    for message in sorted(old, key=lambda m: str(m.id)):
        names = message.id if isinstance(message.id, tuple) else (message.id,)
        if names[0] and (wanted is None or names[0] in wanted):
            new.add(message.id, message.string)
    buffer = io.BytesIO()
    write_po(buffer, new, width=98, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n' + "".join(
        f'"{name}: {value}\\n"\n' for name, value in
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "8bit"),
         ("Language", "zh_CN"), ("Plural-Forms", "nplurals=1; plural=0;")]
    )  # fmt: skip
    return f"# {new.header_comment.lstrip('# ')}\n{header}\n".encode() + buffer.getvalue()


def compiled(po: bytes) -> bytes:
    """The .mo file of a .po file."""
    buffer = io.BytesIO()
    write_mo(buffer, read_po(io.BytesIO(po), locale="zh_CN"))
    return buffer.getvalue()


def missing(path: Path, wanted: set[str]) -> list[str]:
    """Messages without a translation."""
    catalogue = read(path)
    return sorted(m for m in wanted if not (catalogue.get(m) and catalogue.get(m).string))


def main() -> int:
    """Bring the catalogues in order; tells what has no translation yet."""
    status = 0
    for path, wanted in ((MESSAGES, program_messages()), (THEME_WORDS, None)):
        po = ordered(path, wanted)
        path.write_bytes(po)
        path.with_suffix(".mo").write_bytes(compiled(po))
        for message in missing(path, wanted or set()):
            print(f"{path.name}: not translated: {message!r}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
