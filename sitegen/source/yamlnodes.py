"""YAML text to located nodes, every fault as a located problem that a clerk can mend.

    node, problems = parse_yaml("标题: 通知\\n", "content/a.yaml")

Scalars keep their source text; the field types of the kinds decide what a text means. PyYAML's C
parser makes the events (its Python parser where libyaml is missing).
"""

from __future__ import annotations

import re

from sitegen.problems import Problem, ordered
from sitegen.source.nodes import Node, Scalar
from sitegen.source.plainyaml import plain_nodes
from sitegen.source.text import FORBIDDEN, clean, unified

_BLANK_LINE = re.compile(r"^[ \t]+$", re.MULTILINE)


def parse_yaml(
    text: str, path: str, first_line: int = 1, pure: bool = False
) -> tuple[Node | None, tuple[Problem, ...]]:
    """The nodes of a YAML text, and what is wrong with it.

    `path` is that of `Location`; `first_line` is the line of the file on which the text begins.
    The node is None when the text is empty or nothing of it can be used. After faults that leave
    the structure clear (a duplicate key, of which the first counts, an anchor, a tag …) it is
    whole. Of a text that is not well-formed it holds the sound entries, and each faulty one with
    the text that seems to be meant or without any, so that one run tells the other faults of a
    document too.
    `pure` leaves all of it to PyYAML's own parser. Never raises, whatever the text.
    """
    strange: tuple[Problem, ...] = ()
    if "\r" in text:
        text = unified(text)
    if FORBIDDEN.search(text) is not None:
        text, strange = clean(text, path, first_line)
    if not pure and not strange and (plain := plain_nodes(text, first_line)) is not None:
        return plain, ()
    # Late: nearly all texts are plain.
    import yaml

    from sitegen.source.yamlevents import Composer
    from sitegen.source.yamlfaults import faults

    composer = Composer(text, path, first_line, pure)
    try:
        node = composer.compose()
    except (yaml.YAMLError, RecursionError) as error:
        bare = _BLANK_LINE.sub("", text)
        if bare != text:
            # Tabs on lines without anything else do no harm.
            node, problems = parse_yaml(bare, path, first_line, pure)
            return node, ordered((*strange, *problems))
        saved, found = faults(text, path, first_line, error, pure)
        return saved, ordered((*strange, *found))
    if isinstance(node, Scalar) and composer.problems:
        node = None  # The whole text is one slip; that it is no mapping need not be said too.
    if not composer.problems and not strange:
        return node, ()
    return node, ordered((*strange, *composer.problems))
