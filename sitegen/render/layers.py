"""Where the files of a theme come from: its own folder, then those of its ancestors.

A commit may hold symbolic links, and whatever a theme's link leads to would be published or shown.
So only what lies below the folder of themes is taken.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitegen.problems import Location, Problem
from sitegen.render import codes
from sitegen.render.shipped import built_in_themes

BUILT_IN = "default"
_KEYS = ("title", "parent", "options")


@dataclass(frozen=True, slots=True)
class Layer:
    """One theme of the chain: `shown` is its folder as problems name it (``themes/default``)."""

    name: str
    folder: Path
    own: bool
    """Whether it belongs to the site; such templates run in a sandbox."""
    home: Path
    """The folder of themes, with links resolved: nothing is taken from outside it."""

    @property
    def shown(self) -> str:
        """The folder relative to the site's folder."""
        return f"themes/{self.name}"

    def holds(self, path: Path) -> bool:
        """Whether a path really lies in the folder of themes, wherever its links lead."""
        return _real(path).is_relative_to(self.home)

    def file(self, name: str) -> Path | None:
        """One file of the theme, if it is there and really is its own."""
        path = self.folder / name
        return path if path.is_file() and self.holds(path) else None

    def files(self, part: str) -> tuple[list[tuple[str, Path]], list[Problem]]:
        """The files below one of its folders with their relative paths, sorted.

        Hidden ones are left out; a link that leads out of the themes is a problem.
        """
        folder = self.folder / part
        if not folder.is_dir():
            return [], []
        if not self.holds(folder):
            return [], [codes.THEME_LINK.at(Location(f"{self.shown}/{part}"))]
        found: list[tuple[str, Path]] = []
        problems: list[Problem] = []
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if any(each.startswith(".") for each in parts):
                continue
            shown = "/".join((self.shown, part, *parts))
            if not shown.isprintable():
                escaped = shown.encode("unicode_escape").decode("ascii")
                problems.append(codes.THEME_NAME.at(Location(escaped)))
            elif path.is_symlink() and not self.holds(path):
                problems.append(codes.THEME_LINK.at(Location(shown)))
            elif path.is_file():
                found.append(("/".join(parts), path))
        return found, problems


def layers_of(
    site_themes: Path | None, name: str, place: Location
) -> tuple[list[Layer], dict[str, str], list[Problem]]:
    """The theme, its parent, and so on to the built-in one; options with the nearest value.

    `place` is where `name` is written. An unknown theme is a problem, and the built-in one stands
    in.
    """
    problems: list[Problem] = []
    options: dict[str, str] = {}
    layers: list[Layer] = []
    built_in = built_in_themes()
    wanted = name
    while True:
        layer = _layer(site_themes, built_in, wanted, {layer.folder for layer in layers})
        if layer is None:
            if any(wanted == each.name for each in layers):
                problems.append(codes.THEME_LOOP.at(place, name=wanted))
            else:
                known = ", ".join(_known(site_themes, built_in))
                problems.append(codes.THEME_MISSING.at(place, name=wanted, known=known))
            layers.append(_shipped(built_in, BUILT_IN))
            break
        if not layer.holds(layer.folder):
            problems.append(codes.THEME_LINK.at(Location(layer.shown)))
            layers.append(_shipped(built_in, BUILT_IN))
            break
        layers.append(layer)
        said, found = _description(layer)
        problems += found
        options = {**said["options"], **options}
        if not layer.own:
            break
        wanted, place = said["parent"] or BUILT_IN, said["where"]
    return layers, options, problems


def _layer(site_themes: Path | None, built_in: Path, name: str, used: set[Path]) -> Layer | None:
    if name in {"", ".", ".."} or "/" in name or "\\" in name:
        return None
    shipped = _real(built_in / name)
    if site_themes is not None:
        folder = _real(site_themes / name)
        if folder.is_dir() and folder != shipped and folder not in used:
            return Layer(name, folder, own=True, home=_real(site_themes))
    return _shipped(built_in, name) if shipped.is_dir() and shipped not in used else None


def _shipped(built_in: Path, name: str) -> Layer:
    return Layer(name, _real(built_in / name), own=False, home=_real(built_in))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises for links that lead in a circle


def _known(site_themes: Path | None, built_in: Path) -> list[str]:
    folders = [built_in] if site_themes is None else [built_in, site_themes]
    return sorted({path.name for root in folders if root.is_dir() for path in root.iterdir()
                   if path.is_dir() and not path.name.startswith(".")})  # fmt: skip


def _description(layer: Layer) -> tuple[dict[str, Any], list[Problem]]:
    """What ``theme.yaml`` says: ``parent`` and ``options``."""
    from sitegen.source.nodes import Mapping as Node
    from sitegen.source.nodes import Scalar
    from sitegen.source.yamlnodes import parse_yaml

    shown = f"{layer.shown}/theme.yaml"
    said: dict[str, Any] = {"parent": "", "options": {}, "where": Location(shown)}
    file = layer.file("theme.yaml")
    if file is None:
        linked = (layer.folder / "theme.yaml").is_file()
        return said, [codes.THEME_LINK.at(Location(shown))] if linked else []
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return said, [codes.TEMPLATE_ENCODING.at(Location(shown))]
    node, found = parse_yaml(text, shown)
    problems = [*found]
    for key, value in node.entries if isinstance(node, Node) else ():
        if key.text not in _KEYS:
            place = Location(shown, key.line, key.column)
            problems.append(codes.THEME_KEY.at(place, key=key.text, known=", ".join(_KEYS)))
        elif key.text == "options" and isinstance(value, Node):
            for option, chosen in value.entries:
                if isinstance(chosen, Scalar):
                    said["options"][option.text] = chosen.text
                else:
                    place = Location(shown, chosen.line, chosen.column)
                    problems.append(codes.THEME_VALUE.at(place, key=option.text))
        elif key.text != "options" and isinstance(value, Scalar):
            said[key.text] = value.text
            if key.text == "parent":
                said["where"] = Location(shown, value.line, value.column)
        else:
            problems.append(
                codes.THEME_VALUE.at(Location(shown, value.line, value.column), key=key.text)
            )
    return said, problems
