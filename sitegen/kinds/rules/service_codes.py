"""Problems that the rules for services and permits find (K55x)."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

_E = Severity.ERROR

NOT_EMPTY_TOGETHER = code(
    "K551",
    _E,
    N_('"{name}" is missing, though "{other}" is {value}'),
    N_("fill in {name}, or correct {other}"),
)
NOT_FILLED_TOGETHER = code(
    "K552",
    _E,
    N_('"{name}" is filled in, though "{other}" is {value}'),
    N_("remove {name}, or correct {other}"),
)
OVER_LIMIT = code(
    "K553",
    _E,
    N_('"{name}" is {value} {unit}, longer than "{other}" of {limit} {other_unit}'),
    N_("a promised limit cannot be longer than the statutory one"),
)
NO_LIMIT_NOTE = code(
    "K554",
    _E,
    N_('"{name}" is missing'),
    N_('write the limit, or "无法定时限" under {note}'),
)
NO_LIMIT_UNIT = code("K555", _E, N_('"{name}" has no unit'), N_("fill in {unit}, such as 工作日"))
STEPS_OVER_LIMIT = code(
    "K556",
    _E,
    N_('"{name}" in table "{table}" adds up to {value} {unit}, more than "{other}" ({limit})'),
    N_("shorten the steps or correct the limit; special procedures do not count"),
)
STEPS_UNITS = code(
    "K557",
    Severity.WARNING,
    N_('"{name}" in table "{table}" is given in {units} and cannot be compared with "{other}"'),
    N_("give all of them in one unit, best in {unit}"),
)
TOO_FEW = code(
    "K558",
    _E,
    N_('"{name}" add up to {value}; at least {minimum} is needed{because}'),
    N_("correct the numbers"),
)
ENDING = code(
    "K559",
    Severity.WARNING,
    N_('"{name}" is "{value}", which ends in {ending}, but "{other}" is "{given}"'),
    N_("results that end in {ending} are {wanted}"),
)
BAD_CODE = code(
    "K560",
    Severity.WARNING,
    N_('"{name}": "{value}" is not a valid {scheme}'),
    N_("compare every character with the certificate; a look-alike such as O for 0 is common"),
)
BAD_BEGINNING = code(
    "K561",
    Severity.WARNING,
    N_('"{name}": "{value}" does not begin with {wanted}{because}'),
    N_("check the code, or the field that it depends on"),
)
NOT_MASKED = code(
    "K562",
    _E,
    N_('"{name}" shows the full name of a natural person'),
    N_("keep the family name only and write 某 or * for the rest, such as 张某某"),
)
ROW_COUNT = code(
    "K563",
    _E,
    N_('"{name}" is {value}, but table "{table}" has {count} rows'),
    N_("correct the number, or add the missing rows"),
)
DISTINCT_COUNT = code(
    "K564",
    _E,
    N_('"{name}" is {value}, but "{column}" in table "{table}" has {count} different values'),
    N_("they are: {values}"),
)
MANY_ROWS = code(
    "K565",
    _E,
    N_('table "{table}" has {count} rows; at most {rows} are allowed{because}'),
    N_("remove the rows, or correct the field that they depend on"),
)
