"""Problems that rules find (K5xx), and faults of rules in kind files (K59x).

``{name}`` is what the figure or text is called: the field's title, and in a table the row before it
(``支出总计·预算数``). Amounts are written as people read them: ``1,234.50``.
"""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

_E = Severity.ERROR

BEFORE = code(
    "K501", _E, N_('"{name}" is {value}, before "{other}" ({limit})'), N_("check both dates")
)
LATE = code(
    "K502",
    _E,
    N_('"{name}" is {value}, but the limit after "{start}" ({began}) ended on {deadline}'),
    N_("the limit is {days} working days; if the dates are right, it was published late"),
)
LATE_DAYS = code(
    "K503",
    _E,
    N_('"{name}" is {value}, but the limit after "{start}" ({began}) ended on {deadline}'),
    N_("the limit is {days} days; if the dates are right, it was published late"),
)
LATE_ESTIMATED = code(
    "K504",
    Severity.NOTICE,
    N_('"{name}" is {value}; the limit after "{start}" ({began}) probably ended on {deadline}'),
    N_("there is no holiday table for that year yet, so the date is an estimate"),
)
REQUIRED_IF = code(
    "K505", _E, N_('"{name}" is missing; it is needed because {because}'), N_("fill it in")
)
ABSENT_IF = code(
    "K506",
    _E,
    N_('"{name}" is "{value}", but must be empty because {because}'),
    N_("remove it, or correct the other field"),
)
EQUAL = code("K507", _E, N_('"{name}" and "{other}" are the same: {value}'), N_("they must differ"))
TOO_HIGH = code(
    "K508", _E, N_('"{name}" is {value}, more than "{other}" ({limit})'), N_("check both figures")
)
SUM = code(
    "K509",
    _E,
    N_('"{name}" is {value}, but the parts add up to {computed} (difference {difference})'),
    N_("the parts are: {parts}"),
)
VAGUE = code(
    "K510",
    Severity.WARNING,
    N_('"{name}" says "{word}", which leaves open what is meant'),
    N_("name every item; a catch-all clause is not allowed"),
)
FEW_ROWS = code(
    "K511", _E, N_('table "{table}" has {count} rows; at least {rows} are needed'), N_("add them")
)
NO_ROW = code(
    "K512", _E, N_('table "{table}" has no row "{row}"'), N_("add the row, even if it is 0")
)
WRONG_VALUE = code(
    "K513",
    _E,
    N_('"{name}" is "{value}", but must be {wanted} because {because}'),
    N_("correct one of the two"),
)
NOT_ALLOWED = code(
    "K514", _E, N_('"{name}" is "{value}", but must be {wanted}'), N_("write {wanted}")
)
NO_SECTION = code(
    "K515",
    _E,
    N_('the text has no section "{section}"'),
    N_("add a heading with these words, and the explanation under it"),
)
CHILDREN = code(
    "K520",
    _E,
    N_(
        '"{name}" is {value}, but the lines under it add up to {computed} (difference {difference})'
    ),
    N_("the lines under it are: {parts}"),
)
TOTAL = code(
    "K521",
    _E,
    N_('"{name}" is {value}, but the lines add up to {computed} (difference {difference})'),
)
SHALLOW = code(
    "K522",
    _E,
    N_('"{name}": code {code} has no lines under it; it must be given to {digits} digits'),
    N_("list the 款 and 项 (function) or the 款 (economic) that make it up"),
)
UNKNOWN_CODE = code(
    "K523",
    Severity.WARNING,
    N_('"{name}": {code} is not in the list "{list}"'),
    N_("check the digits; if the code is new this year, it may stay"),
)
CODE_NAME = code(
    "K524",
    Severity.WARNING,
    N_('"{name}": {code} is called "{wanted}" in {year}, not "{value}"'),
    N_("use the official name of that year"),
)
CODE_ABSENT = code(
    "K525", _E, N_('"{name}" is {value}: code {code} does not belong in this table'), ""
)
TWO_NAMES = code(
    "K526",
    Severity.WARNING,
    N_('code {code} is called "{value}" here and "{first}" in table "{table}"'),
    N_("use one name for one code"),
)
EQUATION = code(
    "K530",
    _E,
    N_('"{name}" is {value}, but {formula} gives {computed} (difference {difference})'),
    N_("check the rows of the formula"),
)
NOT_EQUAL = code(
    "K540",
    _E,
    N_('"{name}" is {value}, but "{other}" is {limit} (difference {difference})'),
    N_("the two figures must be the same"),
)
MORE_THAN = code(
    "K541",
    _E,
    N_('"{name}" is {value}, more than "{other}" ({limit})'),
    N_("the first is a part of the second and cannot be larger"),
)
ONE_SIDED = code(
    "K542",
    _E,
    N_('"{name}" is {value}, but "{other}" is {limit}'),
    N_("either both are 0 or both are above 0"),
)
NO_STATEMENT = code(
    "K543",
    _E,
    N_('table "{table}" has no rows and does not say why'),
    N_("add the sentence under 空表说明, such as: {example}"),
)
OTHER_STATEMENT = code(
    "K544",
    Severity.WARNING,
    N_('the sentence of the empty table "{table}" does not mention {wanted}'),
    N_("it reads: {value}"),
)
GROUP_SUM = code(
    "K545",
    _E,
    N_('"{name}" adds up to {value} for "{group}", not to {wanted}'),
    N_("check the lines of that group"),
)
RATIO = code(
    "K546",
    _E,
    N_('"{name}" is {value}, but {part} of {whole} is {computed} percent'),
    N_("correct the percentage"),
)

GROWTH = code(
    "K547",
    _E,
    N_('"{name}" is {value}, but from {whole} to {part} it is {computed} percent'),
    N_("correct the percentage; where the earlier figure is 0, leave it blank"),
)
NOT_GIVEN = code(
    "K548",
    _E,
    N_("the table {table} is missing; figures elsewhere say that it has rows"),
    N_("give its rows or a file; for a table without rows say why: 空表说明: …"),
)

UNKNOWN_RULE = code(
    "K590", _E, N_('there is no rule "{rule}"'), N_("the nearest known rule is {nearest}")
)
UNKNOWN_PARAMETER = code(
    "K591",
    _E,
    N_('rule "{rule}" has no parameter "{parameter}"'),
    N_("its parameters are: {known}"),
)
MISSING_PARAMETER = code("K592", _E, N_('rule "{rule}" needs the parameter "{parameter}"'))
BAD_PARAMETER = code(
    "K593",
    _E,
    N_('rule "{rule}": the parameter "{parameter}" cannot be "{value}"'),
    N_("write it like this: {parameter}: {example}"),
)
UNKNOWN_FIELD = code(
    "K594",
    _E,
    N_('rule "{rule}": there is no field "{field}" here'),
    N_("the fields are: {known}"),
)
UNKNOWN_TABLE = code(
    "K595",
    _E,
    N_('rule "{rule}": there is no table "{table}"'),
    N_("the tables are: {known}"),
)
NOT_IN_TABLE = code(
    "K596",
    _E,
    N_('rule "{rule}" works on the rows of a table'),
    N_("write it under the table's rules"),
)
