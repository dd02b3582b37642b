"""Problems that the rules of policies, interpretations and organisations find (K57x)."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NOT_PUBLIC = code(
    "K570",
    Severity.ERROR,
    N_('"{name}" says "{words}", which must not stand in a published document'),
    N_("if it may be published, remove the mark; if not, do not publish the document"),
)
TERM_TOO_LONG = code(
    "K571",
    Severity.WARNING,
    N_('"{name}" is {value}, more than {years} years after "{start}" ({began})'),
    N_("write {limit} or an earlier date, or a shorter term in the text"),
)
TERM_DIFFERS = code(
    "K572",
    Severity.WARNING,
    N_('the text says "{words}", but "{name}" is {value}'),
    N_("by the text it would be {wanted}; correct one of the two"),
)
TERM_NOT_GIVEN = code(
    "K573",
    Severity.WARNING,
    N_('the text says "{words}", but "{name}" is not given'),
    N_("add {name}: {wanted}"),
)
NUMBER_YEAR = code(
    "K574",
    Severity.WARNING,
    N_('"{name}" is of the year {year}, but "{other}" is {value}'),
    N_("check both; only a number given around the turn of the year may differ"),
)
SIGNED_OTHERWISE = code(
    "K575",
    Severity.WARNING,
    N_('the text is signed "{words}", but "{name}" is {value}'),
    N_("correct one of the two"),
)
TOO_SHORT = code(
    "K576",
    Severity.ERROR,
    N_("the text has {count} Chinese characters; at least {least} are needed"),
    N_("pictures and sound alone cannot be read by everybody: write what they say"),
)
NOT_COVERED = code(
    "K577",
    Severity.NOTICE,
    N_("the text covers {count} of {all} points; at least {least} are expected"),
    N_("not found: {missing}"),
)
OTHER_THAN_FIRST = code(
    "K578",
    Severity.WARNING,
    N_('"{name}" is "{value}", but the first row of table "{table}" says "{first}"'),
    N_("correct one of the two"),
)
UNUSUAL_FORM = code(
    "K579",
    Severity.NOTICE,
    N_('"{name}" does not have the usual form: "{value}"'),
    N_("it usually reads like: {example}"),
)
