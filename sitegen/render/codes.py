"""Problem codes of the render room: R1xx Markdown bodies, R2xx the theme."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

UNSAFE_LINK = code(
    "R101",
    Severity.ERROR,
    N_('the link "{link}" uses "{scheme}:", which is not allowed on the site'),
    N_("link with http:, https:, mailto: or tel:, or name a file of the site"),
)
LINK_LEAVES_SITE = code(
    "R102",
    Severity.ERROR,
    N_('the link "{link}" points outside content/'),
    N_("link to a file inside content/; a path that begins with / starts at content/"),
)
HTML_REMOVED = code(
    "R103",
    Severity.WARNING,
    N_("<{tag}> is not allowed in a text and was left out"),
    N_("write it in Markdown; tables, lists, links and pictures need no HTML"),
)
PICTURE_WITHOUT_TEXT = code(
    "R104",
    Severity.WARNING,
    N_('the picture "{link}" has no description; people who cannot see it learn nothing'),
    N_("write what it shows between the square brackets: ![description]({link})"),
)
UNDERSCORE_EMPHASIS = code(
    "R105",
    Severity.WARNING,
    N_('"{text}" is shown with its underscores, not emphasised'),
    N_("next to Chinese characters, emphasise with asterisks: *text* or **text**"),
)
TOO_NESTED = code(
    "R106",
    Severity.ERROR,
    N_("the text is nested too deeply (quotes or lists inside each other)"),
    N_("keep quotes and lists to a few levels"),
)
EMPTY_LINK = code(
    "R107",
    Severity.ERROR,
    N_("this link or picture names no target"),
    N_("write the address between the round brackets: [text](address)"),
)
PICTURE_ELSEWHERE = code(
    "R108",
    Severity.ERROR,
    N_('the picture "{link}" lies on another site, which would learn who reads this page'),
    N_("save the picture, put it into the folder {folder}, and name the file"),
)
THEME_MISSING = code(
    "R201",
    Severity.ERROR,
    N_('there is no theme "{name}"'),
    N_("themes that can be used: {known}"),
)
THEME_LOOP = code(
    "R202",
    Severity.ERROR,
    N_('the theme "{name}" is its own ancestor'),
    N_("let `parent` name another theme, or leave it out"),
)
THEME_KEY = code(
    "R203",
    Severity.ERROR,
    N_('"{key}" is not a setting of a theme'),
    N_("known settings: {known}"),
)
THEME_VALUE = code(
    "R204",
    Severity.ERROR,
    N_('"{key}" needs a value of another shape'),
    N_("write one text; `options` holds lines such as `name: value`"),
)
TEMPLATE_ENCODING = code(
    "R205",
    Severity.ERROR,
    N_("the template is not text in UTF-8"),
    N_("save the file as UTF-8"),
)
TEMPLATE_SYNTAX = code(
    "R206",
    Severity.ERROR,
    N_("the template cannot be read: {detail}"),
    N_("compare the line with the template of the same name in the default theme"),
)
TEMPLATE_UNDEFINED = code(
    "R207",
    Severity.ERROR,
    N_("the template uses a value that does not exist here: {detail}"),
    N_("look for a slip of the pen; docs/theme.md lists the values of each page"),
)
TEMPLATE_MISSING = code(
    "R208",
    Severity.ERROR,
    N_('there is no template "{name}"'),
    N_("put it into the templates folder of the theme, or correct the name"),
)
TEMPLATE_FAILED = code(
    "R209",
    Severity.ERROR,
    N_("the template failed: {detail}"),
    N_("compare the line with the template of the same name in the default theme"),
)
STATIC_MISSING = code(
    "R210",
    Severity.ERROR,
    N_('the file "{name}" is not in the static folder of the theme'),
    N_("put it there, or correct the name"),
)
THEME_LINK = code(
    "R211",
    Severity.ERROR,
    N_("this link leads out of the folder themes, to what may not be meant for the public"),
    N_("put the file itself there instead of a link"),
)
THEME_NAME = code(
    "R212",
    Severity.ERROR,
    N_("the name of this file holds characters that cannot be seen"),
    N_("give it a name of letters, digits and hyphens"),
)
CATALOGUE_DAMAGED = code(
    "R213",
    Severity.ERROR,
    N_("this catalogue of the theme's words cannot be read"),
    N_("compile it again from theme.po with: pybabel compile, or msgfmt"),
)
