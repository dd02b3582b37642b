"""Addresses as links in files that are read apart from the site."""

from __future__ import annotations

import functools
from urllib.parse import quote

from sitegen.site import addresses
from sitegen.site.site import Site

_RESERVED = "/:?#[]@!$&'()*+,;=%~"


def absolute(site: Site, address: str) -> str:
    """The full address, percent-encoded. Only for sites with a ``base_url``."""
    return _base(site.settings.base_url) + quote(address, safe="/~")


@functools.lru_cache(maxsize=8)  # asked for with every link
def _base(url: str) -> str:
    return quote(url, safe=_RESERVED)


def link(site: Site, address: str, base: str) -> str:
    """A link to `address`: absolute if the site knows its ``base_url``, else relative to `base`."""
    if site.settings.base_url:
        return absolute(site, address)
    return quote(addresses.relative(address, base), safe="/~")
