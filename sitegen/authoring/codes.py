"""Problem codes of writing content: N1xx starting a site."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NOT_A_FOLDER = code(
    "N101",
    Severity.ERROR,
    N_('"{folder}" is a file, not a folder'),
    N_("name a new folder, or an empty one"),
)
FOLDER_NOT_EMPTY = code(
    "N102",
    Severity.ERROR,
    N_('"{folder}" already has something in it'),
    N_("name a new folder, or an empty one"),
)

# N2..: writing a new document; N3..: withdrawing and moving.
OUTSIDE_CONTENT = code(
    "N201",
    Severity.ERROR,
    N_('"{path}" is not inside the folder content'),
    N_("name a file below content, such as tzgg/2026/tongzhi.md"),
)
NOT_A_DOCUMENT_NAME = code(
    "N202",
    Severity.ERROR,
    N_('"{path}" cannot be the name of a document'),
    N_("end it with .md or .yaml; names that begin with _ or a dot, and the folders kinds and"
       " calendar, are the site's own"),
)  # fmt: skip
ALREADY_THERE = code(
    "N203",
    Severity.ERROR,
    N_('"{path}" is there already; nothing was overwritten'),
    N_("choose another name, or edit that file"),
)
FOLDER_NAME = code(
    "N204",
    Severity.ERROR,
    N_('the folder "{name}" cannot stand in an address'),
    N_('name it "{proposal}"'),
)
NO_SUCH_FIELD = code(
    "N205",
    Severity.ERROR,
    N_('{kind} has no field "{key}"'),
    N_("these are known: {known}"),
)
NOT_SETTABLE = code(
    "N206",
    Severity.ERROR,
    N_("{title} has several parts and cannot be given in one word"),
    N_("leave it out here, and fill it in in the file"),
)
NO_EQUALS = code(
    "N207",
    Severity.ERROR,
    N_('"{value}" does not say which field has which value'),
    N_("write --set 标题=关于试行的通知"),
)
NOT_FOUND = code(
    "N301",
    Severity.ERROR,
    N_('there is no document "{path}"'),
    N_("name its source file, such as content/tzgg/2026/tongzhi.md"),
)
NOT_PUBLIC = code(
    "N302",
    Severity.ERROR,
    N_("the document was never public, so there is nothing to withdraw"),
    N_("delete the file, or keep it as a draft"),
)
ALREADY_WITHDRAWN = code(
    "N303",
    Severity.ERROR,
    N_("the document was withdrawn on {on} already"),
)
CANNOT_EDIT = code(
    "N304",
    Severity.ERROR,
    N_("{title} is written in a way that the program cannot continue; nothing was changed"),
    N_("add it by hand: {item}"),
)
SAME_PLACE = code(
    "N305",
    Severity.ERROR,
    N_("the document lies there already"),
)
NO_NOTE = code(
    "N306",
    Severity.ERROR,
    N_("a withdrawal needs a reason"),
    N_("readers see it in place of the text: --note …"),
)
LINKS_LEFT = code(
    "N307",
    Severity.WARNING,
    N_('the file cannot be read, so links in it to "{old}" were left as they are'),
    N_("mend the file, then look for the old name in it"),
)

# N4..: what the next commit still lacks.
NO_CHANGE_SAID = code(
    "N401",
    Severity.WARNING,
    N_('"{title}" is public and was edited, but no change says so'),
    N_('add to changes (变更): {{date: {on}, act: 修订, note: "…"}},'
       " with minor: true if only a slip was mended"),
)  # fmt: skip
CHANGE_WITHOUT_NOTE = code(
    "N402",
    Severity.WARNING,
    N_("the change {act} of {on} has no note"),
    N_("say in a few words what changed and why: readers see it in the update log"),
)
DELETED_PUBLIC = code(
    "N403",
    Severity.WARNING,
    N_('the public document "{title}" was deleted'),
    N_("bring the file back, and withdraw it: sitegen withdraw {path} --note …"),
)
NO_ALIAS = code(
    "N404",
    Severity.WARNING,
    N_("the document was moved, and its old address {address} leads nowhere"),
    N_("add a line aliases: [{address}]; next time use: sitegen move"),
)
