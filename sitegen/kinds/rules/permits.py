"""Rules of published decisions: codes of third parties and names of natural persons.

The code of our own offices is a format (``cn-uscc``) and an error when wrong. Codes of third
parties come from registers that we cannot mend, so for them checks are rules with a severity.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from sitegen.kinds.formats import Fault, org_code
from sitegen.kinds.rules import service_codes as codes
from sitegen.kinds.rules.guides import because_of
from sitegen.kinds.rules.registry import (
    CONDITION,
    FIELD,
    TEXTS,
    Parameter,
    ParameterType,
    rule,
)
from sitegen.kinds.rules.scope import Scope, is_blank
from sitegen.problems import N_, Problem


def is_resident_id(text: str) -> bool:
    """Whether a 公民身份号码 has a real birth date and the right check digit (GB 11643-1999).

    The region is not tested: regions come and go, and synthetic numbers have none.
    """
    body, check = text[:17], text[17:].upper()
    if len(text) != 18 or not (body.isascii() and body.isdigit()):
        return False
    try:
        datetime.date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return check == "10X98765432"[sum(w * int(c) for w, c in zip(weights, body, strict=True)) % 11]


_SCHEMES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "org-code": ("组织机构代码", lambda text: not isinstance(org_code(text), Fault)),
    "resident-id": ("公民身份号码", is_resident_id),
}


def _scheme(raw: Any) -> str:
    if raw not in _SCHEMES:
        raise ValueError
    return str(raw)


SCHEME = ParameterType(N_("org-code or resident-id"), _scheme)


@rule(
    "valid-code",
    Parameter("field", FIELD),
    Parameter("scheme", SCHEME),
    Parameter("when", CONDITION, required=False),
)
def valid_code(scope: Scope) -> Iterator[Problem]:
    """A code passes the check digits of its scheme. Private numbers are not repeated."""
    name = scope.params["field"]
    title, check = _SCHEMES[scope.params["scheme"]]
    for view in scope.views():
        value = view.value(name)
        if is_blank(value) or check(str(value)) or not view.meets(scope.params.get("when", ())):
            continue
        kind = view.rows.fields.get(name) if view.rows else view.facts.fields.get(name)
        yield scope.problem(
            codes.BAD_CODE,
            view.where(name),
            name=view.name(name),
            value="…" if kind and kind.private else value,
            scheme=title,
        )


@rule(
    "begins-with",
    Parameter("field", FIELD),
    Parameter("values", TEXTS),
    Parameter("when", CONDITION, required=False),
)
def begins_with(scope: Scope) -> Iterator[Problem]:
    """A code that is filled in begins with one of `values`."""
    name, values = scope.params["field"], scope.params["values"]
    conditions = scope.params.get("when", ())
    for view in scope.views():
        value = view.value(name)
        if is_blank(value) or str(value).startswith(values) or not view.meets(conditions):
            continue
        yield scope.problem(
            codes.BAD_BEGINNING,
            view.where(name),
            name=view.name(name),
            value=value,
            wanted="、".join(values),
            because=because_of(view, conditions),
        )


@rule("masked-name", Parameter("field", FIELD), Parameter("when", CONDITION, required=False))
def masked_name(scope: Scope) -> Iterator[Problem]:
    """The name of a natural person is masked: 张某某, 张*, 张**. The name is not repeated."""
    name = scope.params["field"]
    for view in scope.views():
        value = view.value(name)
        if is_blank(value) or not view.meets(scope.params.get("when", ())):
            continue
        if not any(sign in str(value) for sign in "某*＊×"):
            title = view.title(name)
            label = f"#{(view.row or 0) + 1}·{title}" if view.rows else title
            yield scope.problem(codes.NOT_MASKED, view.where(name), name=label)
