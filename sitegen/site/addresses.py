"""Addresses: where everything stands in the output, purely from where it stands in content.

An address is a path relative to the output folder, lower-case ASCII, without a leading slash.
"""

from __future__ import annotations

from collections.abc import Iterable

HOME = "index.html"
NOT_FOUND = "404.html"
SITE_MAP = "sitemap.html"
CATALOGUE = "catalogue.html"
LOG = "log/index.html"


def folder_of(address: str) -> str:
    """The folder that holds a page's own files: ``a/b.html`` → ``a/b/``."""
    return address.removesuffix(".html") + "/"


def table_file(address: str, table: str, suffix: str) -> str:
    """A table of a document: ``a/b.html``, ``bud_income``, ``csv`` → ``a/b/bud-income.csv``."""
    return f"{folder_of(address)}{table.replace('_', '-')}.{suffix}"


def table_files(address: str, tables: Iterable[str], suffixes: Iterable[str]) -> list[str]:
    """All tables of a document in every format."""
    places = [table_file(address, table, "") for table in tables]
    return [place + suffix for place in places for suffix in suffixes]


def data_package(address: str) -> str:
    """The Frictionless description of a document's tables."""
    return f"{folder_of(address)}datapackage.json"


def archive(address: str) -> str:
    """The ZIP of everything of one document."""
    stem = address.removesuffix(".html").rpartition("/")[2]
    return f"{folder_of(address)}{stem}.zip"


def column_page(folder: str, number: int = 1) -> str:
    """Page `number` of a column's list; `folder` is the column's address (``xxgk/``)."""
    return f"{folder}index.html" if number == 1 else f"{folder}index-{number}.html"


def column_year(folder: str, year: int) -> str:
    """A column's archive of one year."""
    return f"{folder}year-{year}.html"


def column_log(folder: str) -> str:
    """A column's own update log."""
    return f"{folder}log.html"


def feed(folder: str, suffix: str) -> str:
    """The feed of a column, or of the site (``""``): `suffix` is ``xml`` (Atom) or ``json``."""
    return f"{folder}feed.{suffix}"


def log_month(month: str) -> str:
    """The site's update log of one month (``2026-03``)."""
    return f"log/{month}.html"


def catalogue_page(number: int = 1) -> str:
    """Page `number` of the directory of all disclosures."""
    return CATALOGUE if number == 1 else f"catalogue-{number}.html"


def catalogue_file(suffix: str) -> str:
    """The directory of all disclosures (信息公开目录) as a data file."""
    return f"catalogue/catalogue.{suffix}"


def relative(address: str, base: str) -> str:
    """`address` as a relative link on the page at `base`."""
    return "../" * base.count("/") + address
