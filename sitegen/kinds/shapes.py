"""The shapes of values in a kind file: what is written otherwise is a located problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sitegen.kinds import codes
from sitegen.kinds.kind import Label
from sitegen.kinds.scalars import listed, nearest
from sitegen.problems import Code, Location, Problem
from sitegen.source.nodes import Mapping as MappingNode
from sitegen.source.nodes import Node, Scalar, Sequence


@dataclass(slots=True)
class Shapes:
    """Takes the nodes of one file apart. `path` is that of `Location`."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def at(self, node: Node) -> Location:
        """The place of a node in the file."""
        return Location(self.path, node.line, node.column)

    def mapping(
        self, node: Node | None, known: tuple[str, ...], key: str
    ) -> dict[str, Node] | None:
        """The values of a mapping by key, unknown keys reported and left out."""
        if node is None:
            return None
        if not isinstance(node, MappingNode):
            self.shape_fault(node, key, "{" + ", ".join(known[:4]) + ", …}")
            return None
        parts: dict[str, Node] = {}
        for name, value in node.entries:
            if name.text in known:
                parts[name.text] = value
            else:
                near = nearest(name.text[:100], known)
                where, key = self.at(name), name.text
                if near:
                    problem = codes.KIND_UNKNOWN_KEY_NEAR.at(where, key=key, near=near)
                else:
                    problem = codes.KIND_UNKNOWN_KEY.at(where, key=key, known=listed(known, 20))
                self.problems.append(problem)
        return parts

    def items(self, node: Node | None, key: str, *, single: bool = False) -> tuple[Node, ...]:
        """The items of a list; one text stands for a list of one if `single`."""
        if node is None or is_blank(node):
            return ()
        if isinstance(node, Sequence):
            return node.items
        if single and isinstance(node, Scalar):
            return (node,)
        self.shape_fault(node, key, "[…]")
        return ()

    def texts(self, node: Node | None, key: str) -> Iterator[str]:
        """A list of texts."""
        for item in self.items(node, key, single=True):
            if isinstance(item, Scalar) and item.text:
                yield item.text
            else:
                self.shape_fault(item, key, "[text, …]")

    def text(self, parts: Mapping[str, Node], key: str, required: Node | None = None) -> str:
        """A text; "" when it is missing, which is reported at `required`."""
        node = parts.get(key)
        if node is not None and not isinstance(node, Scalar):
            self.shape_fault(node, key, "a text")
            return ""
        text = node.text.strip() if node is not None else ""
        if not text and required is not None:
            self.problems.append(codes.KIND_MISSING_KEY.at(self.at(required), key=key))
        return text

    def label(self, parts: Mapping[str, Node], key: str, required: Node | None = None) -> Label:
        """A label: a text (= zh) or a mapping of languages."""
        if key in parts and not is_blank(parts[key]):
            return self.label_of(parts[key], key)
        if required is not None:
            self.problems.append(codes.KIND_MISSING_KEY.at(self.at(required), key=key))
        return {}

    def label_of(self, node: Node, key: str) -> Label:
        """A label's languages."""
        if isinstance(node, Scalar):
            return {"zh": node.text.strip()}
        parts = self.mapping(node, ("zh", "en"), key) or {}
        return {lang: text for lang in parts if (text := self.text(parts, lang))} or {"zh": ""}

    def flag(self, parts: Mapping[str, Node], key: str) -> bool:
        """true or false; false when missing."""
        text = self.text(parts, key)
        if text not in ("", "true", "false"):
            self.value_fault(parts[key], key, text, "true, false")
        return text == "true"

    def number(self, parts: Mapping[str, Node], key: str) -> int | None:
        """A whole number of few digits; None when missing."""
        text = self.text(parts, key)
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            self.value_fault(parts[key], key, text, "0, 1, 2 …")
            return None
        return int(text) if text else None

    def choice(
        self, parts: Mapping[str, Node], key: str, known: tuple[str, ...], code: Code
    ) -> str:
        """One of the known words; "" when missing or wrong."""
        text = self.text(parts, key)
        if text and text not in known:
            where, words = self.at(parts[key]), listed(known, 30)
            self.problems.append(code.at(where, key=key, value=text, known=words))
            return ""
        return text

    def shape_fault(self, node: Node, key: str, wanted: str) -> None:
        """Report a value of the wrong shape."""
        self.problems.append(codes.KIND_SHAPE.at(self.at(node), key=key, wanted=wanted))

    def value_fault(self, node: Node, key: str, value: object, known: str) -> None:
        """Report a value that a key cannot have."""
        self.problems.append(codes.KIND_VALUE.at(self.at(node), key=key, value=value, known=known))


def is_blank(node: Node) -> bool:
    """Whether nothing is written there."""
    return isinstance(node, Scalar) and not node.text.strip()
