"""The languages of messages: gettext catalogues, Chinese by default."""

from __future__ import annotations

import functools
import gettext
from pathlib import Path

from sitegen.problems import Translate

LANGUAGES = ("zh-CN", "en")
_FOLDER = Path(__file__).parent / "locale"


@functools.cache
def translator(language: str) -> Translate:
    """The function that turns an English message into `language`.

    English needs no catalogue; a missing entry stays English.
    """
    if language.startswith("en"):
        return str
    catalogue = gettext.translation("sitegen", _FOLDER, [language.replace("-", "_")], fallback=True)
    return catalogue.gettext
