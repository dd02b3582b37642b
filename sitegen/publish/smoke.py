"""Trying the published site over HTTP after the switch: does it serve what was released?"""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from sitegen.problems import Location, Problem
from sitegen.publish import codes

_PATIENCE = 10
_TRIES = 3
_LARGEST = 256 * 1024 * 1024
_OTHER = "other"


def try_site(url: str, expected: Sequence[tuple[str, str]]) -> Problem | None:
    """Fetch (address, SHA-256) pairs below `url`; a problem for the first that is not so.

    Tried a few times, because a web server in front may need a moment.
    """
    for path, sha256 in expected:
        address = url + path
        reason = _reason(address, sha256)
        for _ in range(_TRIES - 1):
            if not reason:
                break
            time.sleep(1)
            reason = _reason(address, sha256)
        if reason:
            if reason == _OTHER:
                return codes.SMOKE_OTHER.at(Location(url), address=address)
            return codes.SMOKE.at(Location(url), address=address, reason=reason)
    return None


def _reason(address: str, sha256: str) -> str:
    """Why the address does not give bytes of this digest; empty if it does."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            content: bytes = answer.read(_LARGEST)
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return str(getattr(error, "reason", error))
    return "" if hashlib.sha256(content).hexdigest() == sha256 else _OTHER
