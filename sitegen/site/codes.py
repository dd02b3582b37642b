"""What can be wrong with a site as a whole: columns, addresses, links, relations, the record."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

_E = Severity.ERROR
_W = Severity.WARNING

# Settings (C1..).
NO_TIMEZONE = code(
    "C101", _E, N_('"{value}" is not a time zone'), N_("write Asia/Shanghai, or leave it out")
)
BAD_BASE_URL = code(
    "C102",
    _E,
    N_('the address of the site "{value}" must begin with https:// and end in /'),
    N_("write {proposal}"),
)
UNKNOWN_COLUMN = code(
    "C103",
    _E,
    N_('{title}: there is no column "{value}"'),
    N_("write the column's folder from content/ on{nearest}"),
)
UNKNOWN_FIGURE = code(
    "C104", _E, N_('key figure "{label}": there is no document "{value}"{nearest}')
)
BAD_THEME_NAME = code(
    "C105", _E, N_('"{value}" cannot be the name of a theme'), N_("write a folder of themes/")
)

# Columns (A0..).
MERGED_WITHOUT_TARGET = code(
    "A001",
    _E,
    N_('the column "{name}" is merged, but does not say into which'),
    N_("add merged_into (并入栏目): the folder of the other column, from content/ on"),
)
MERGED_INTO_UNKNOWN = code(
    "A002",
    _E,
    N_('the column "{name}" is merged into "{value}", which is not a column'),
    N_("write the other column's folder from content/ on{nearest}"),
)
MERGE_LOOP = code("A003", _E, N_("columns are merged in a circle: {circle}"))
ARCHIVED_WITHOUT_REASON = code(
    "A004",
    _W,
    N_('the column "{name}" is archived, but does not say {missing}'),
    N_("add archived_on (归档日期) and archived_reason (归档原因); readers see both"),
)
NO_UPDATE_RULE = code(
    "A005",
    _W,
    N_('the column "{name}" does not say how it is kept up to date'),
    N_("add update_rule (更新方式), here or in a column above"),
)
NO_OWNER = code(
    "A006",
    _W,
    N_('the column "{name}" does not say who keeps it up to date'),
    N_("add owner (责任部门), here or in a column above"),
)
BLOCK_TWICE = code(
    "A007", _E, N_('the columns "{name}" and "{other}" claim the same standard block "{block}"')
)
UNKNOWN_KIND = code(
    "A008",
    _E,
    N_('the column "{name}": there is no kind "{value}"'),
    N_("the kinds are: {known}"),
)

NO_COLUMN = code(
    "A009",
    _W,
    N_('the folder "{name}" is no column: no list shows its documents'),
    N_("add the file {folder}/_column.yaml with the lines 名称: …, 责任部门: …, 更新方式: …"),
)

# Addresses (A1..).
NEEDS_SLUG = code(
    "A101",
    _E,
    N_('"{name}" cannot be part of a web address'),
    N_("add a line slug: {proposal}"),
)
FOLDER_NEEDS_SLUG = code(
    "A102",
    _E,
    N_('the folder name "{name}" cannot be part of a web address'),
    N_("add slug: {proposal} to its _column.yaml, or name the folder {proposal}"),
)
BAD_SLUG = code(
    "A103",
    _E,
    N_('the address name "{value}" holds more than small letters, digits and hyphens'),
    N_("write slug: {proposal}"),
)
RESERVED = code(
    "A104",
    _E,
    N_('"{name}" is an address that the site itself uses'),
    N_("choose another with slug: {proposal}"),
)
COLLISION = code(
    "A105",
    _E,
    N_("{address} is the address of {other} already"),
    N_("give one of the two another name or slug"),
)
BAD_ALIAS = code(
    "A106",
    _E,
    N_('no page can stand in for the old address "{value}"'),
    N_(
        "write the path of a .html page or a folder from the site's root, without host, ? and #,"
        " such as tzgg/2025/old-name.html; the web server can redirect all others"
    ),
)
ALIAS_IS_OWN = code(
    "A107", _W, N_('the old address "{value}" is the present address'), N_("take this line out")
)

# Files (A2..).
MISSING_FILE = code(
    "A201",
    _E,
    N_('there is no file "{value}"'),
    N_("put it into the folder {folder}{nearest}"),
)
LISTED_TWICE = code("A202", _E, N_('the attachment "{value}" is listed twice'))
NOT_LINKED = code(
    "A203",
    _W,
    N_("no document names this file; it is not published"),
    N_("list it under attachments (附件) of {owner}, or take it out of content/"),
)
NOT_AN_ATTACHMENT = code(
    "A204",
    _E,
    N_('"{value}" is a source of the site and cannot be offered for download'),
    N_("link to the document instead, or save it in another format"),
)
EMPTY_FILE = code("A205", _W, N_('the file "{value}" is empty'))
WRONG_EXTENSION = code(
    "A206",
    _E,
    N_('"{name}" is not read: the names of documents end in .md or .yaml'),
    N_("give the file one of these two endings, or take it out of content/"),
)
LOOSE_FILE = code(
    "A207",
    _W,
    N_("this file belongs to no document; it is not published"),
    N_(
        "to publish it, write a document such as {example}, move the file into the folder of the "
        "same name and list it under attachments (附件); otherwise take it out of content/"
    ),
)
RUNNING_FILE = code(
    "A208",
    _E,
    N_(
        '"{value}" cannot be offered: files of this type can run in the browser or computer'
        " of a reader"
    ),
    N_("offer it as PDF, OFD, a table or a picture; put several files into one ZIP"),
)

# Links (A3..).
BROKEN_LINK = code(
    "A301",
    _E,
    N_('the link leads to "{value}", which does not exist'),
    N_("links name the source file, relative to this one{nearest}"),
)
LINK_TO_LEFT_OUT = code(
    "A302",
    _E,
    N_('the link leads to "{title}", which is not published ({reason})'),
    N_("take the link out, or publish the document"),
)
LINK_TO_LATER = code(
    "A304",
    _W,
    N_('the link leads to "{title}", which is published only on {date}; until then it is no link'),
    N_("publish that document first, or take the link out"),
)
BROKEN_FRAGMENT = code(
    "A303",
    _E,
    N_('there is no heading "#{value}" in "{title}"'),
    N_("write the heading as it stands there{nearest}"),
)

# Relations (A4..).
DANGLING = code(
    "A401",
    _E,
    N_('{title}: there is no document "{value}"'),
    N_("write the path of its source file, relative to this one{nearest}"),
)
SELF_RELATION = code("A402", _E, N_("{title}: the document names itself"))
REPEAL_CIRCLE = code("A403", _E, N_("documents repeal each other in a circle: {circle}"))

# Lifecycle and changes (A5..).
WITHDRAWN_WITHOUT_NOTE = code(
    "A501",
    _E,
    N_("the document is withdrawn without a reason"),
    N_("add a note (说明) to the change 撤下: readers see it in place of the text"),
)
CHANGE_BEFORE_PUBLICATION = code(
    "A502",
    _E,
    N_("the change {act} of {on} lies before the date of publication, {published_on}"),
    N_("mend one of the two dates"),
)
CHANGE_FAR_AHEAD = code(
    "A503",
    _W,
    N_("the change {act} of {on} lies more than a year ahead"),
    N_("mend the date, or take the entry out until then"),
)
TAKEN_BACK = code(
    "A504",
    _E,
    N_("the document has been public since {on}, but is now left out ({reason})"),
    N_("withdraw it instead: add a change with act 撤下, a date and a note"),
)

# Numbers (A7..).
INDEX_NO_TWICE = code(
    "A701",
    _E,
    N_('the index number {value} also belongs to "{title}" ({other})'),
    N_("an index number is given once and never again"),
)
DOC_NO_TWICE = code(
    "A702",
    _E,
    N_('the document number {value} also belongs to "{title}" ({other})'),
    N_("leave it out of the one that it does not belong to"),
)
INDEX_NO_YEAR = code(
    "A703",
    _W,
    N_("the index number {value} is of another year than the document, {formed_on}"),
)
PUBLISHED_LATE = code(
    "A704",
    _W,
    N_("published on {published_on}, more than {days} working days after {formed_on}"),
    N_("the limit was {limit} (政府信息公开条例 art. 26)"),
)

# Coverage (A8..).
A20_NOT_COVERED = code(
    "A801",
    _W,
    N_("nothing is published for art. 20 ({number}) {title}"),
    N_("give a column a20_class: {key}, or say in site.yaml under a20 who publishes it"),
)

# The record kept by git (H2..).
UNDECLARED_EDIT = code(
    "H201",
    _W,
    N_("{file} was changed on {on} (commit {commit}), but no change says so"),
    N_(
        'add to changes (变更): {{date: {on}, act: 修订, note: "…"}},'
        " with minor: true if only a slip was mended"
    ),
)
VANISHED = code(
    "H202",
    _E,
    N_('the published document "{title}" was removed on {on} (commit {commit})'),
    N_(
        "bring it back and withdraw it with a change 撤下 and a note; if it moved, add to the"
        " document that took its place: aliases: [{address}]"
    ),
)
MOVED_WITHOUT_ALIAS = code(
    "H203",
    _E,
    N_("the document was moved on {on}; its old address {address} now leads nowhere"),
    N_("add a line aliases: [{address}]"),
)
BACKDATED = code(
    "H204",
    _W,
    N_("published_on is {published_on}, but the document first appeared on {on} (commit {commit})"),
    N_("write the date on which it is really published"),
)
SHALLOW = code(
    "H205",
    _W,
    N_("the repository is a shallow clone: its history is cut off"),
    N_("run: git fetch --unshallow"),
)
UNCOMMITTED = code(
    "H206",
    _E,
    N_("this file differs from what is committed; a release holds only what is committed"),
    N_("commit it, or take it back"),
)
MISSING = code(
    "H207",
    _W,
    N_("this file is committed, but no longer there"),
    N_(
        "if it was published, bring it back and withdraw it with a change 撤下 and a note; if it"
        " moved, add to the document that took its place: aliases: [{address}]"
    ),
)
