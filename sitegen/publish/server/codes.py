"""Problem codes of the server: P4xx setting it up and what is pushed to it."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

BAD_FOLDER = code(
    "P401",
    Severity.ERROR,
    N_('the folder of a server cannot be called "{folder}"'),
    N_("use letters, digits and . _ - in the whole path, such as /srv/xxgk"),
)
NOT_EMPTY = code(
    "P402",
    Severity.ERROR,
    N_('"{folder}" is not empty, and is no server of sitegen'),
    N_("name a new or an empty folder"),
)
BAD_SITE_URL = code(
    "P403",
    Severity.ERROR,
    N_('"{value}" cannot be the public address of the site'),
    N_("write it as https://xxgk.shifan.example/"),
)
BAD_SETTINGS = code(
    "P404",
    Severity.ERROR,
    N_('"{file}" cannot be understood: {reason}'),
    N_("mend it, or move it away and run: sitegen server init {folder}"),
)
NO_SERVER = code(
    "P405",
    Severity.ERROR,
    N_('"{folder}" is no server of sitegen'),
    N_("set it up with: sitegen server init {folder}"),
)
OTHER_OWNER = code(
    "P406",
    Severity.ERROR,
    N_('"{folder}" belongs to the user {owner}, but this is the user {user}'),
    N_("push as {owner}, such as ssh://{owner}@…; otherwise files would be mixed up"),
)
GIT_REFUSED = code(
    "P407",
    Severity.ERROR,
    N_("git could not do it ({step}): {reason}"),
    N_("is the disk full, or the folder build damaged? It may be deleted, and is made anew"),
)
IN_SITE = code(
    "P408",
    Severity.ERROR,
    N_('the server "{folder}" would lie inside the site "{site}"'),
    N_("name a folder outside of it, such as /srv/xxgk"),
)
NOT_INSTALLED = code(
    "P409",
    Severity.ERROR,
    N_("{interpreter} cannot run sitegen by itself, as the hooks have to: {reason}"),
    N_("install sitegen into it (pip install), and run server init with that one"),
)

DELETED = code(
    "P411",
    Severity.ERROR,
    N_('the branch "{branch}" is the published site, and cannot be deleted'),
    N_("to take something off the site, withdraw it: sitegen withdraw"),
)
REWOUND = code(
    "P412",
    Severity.ERROR,
    N_('the branch "{branch}" can only go on: this push would take back what is public already'),
    N_("run git pull, then push again; to undo a commit: git revert"),
)
NOT_A_COMMIT = code(
    "P413",
    Severity.ERROR,
    N_('what was pushed to the branch "{branch}" is no commit'),
    N_("push a branch: git push SERVER HEAD:{branch}"),
)
NO_FOLDER = code(
    "P414",
    Severity.ERROR,
    N_('"{name}" must be a folder in the commit, not a link or a file'),
    N_("put the folder itself into the repository"),
)
QUEUE_TOO_LONG = code(
    "P416",
    Severity.ERROR,
    N_("an earlier push is still being published after {minutes} minutes"),
    N_("push again later; if nobody else is publishing, ask the technician"),
)
SYSTEM_REFUSED = code(
    "P417",
    Severity.ERROR,
    N_("the server's system refused: {reason}"),
    N_("is the disk full, or does a folder belong to somebody else? Please tell the technician"),
)
RELOAD_FAILED = code(
    "P421",
    Severity.WARNING,
    N_("the web server could not be reloaded: {reason}"),
    N_("the site is published; only names of new attachments wait for the next reload"),
)
