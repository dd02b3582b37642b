"""Problem codes of publishing: P1xx the commit and the settings, P2xx hosts, P3xx verifying."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

NO_REPOSITORY = code(
    "P101",
    Severity.ERROR,
    N_("the site is not in a git repository, or nothing is committed yet"),
    N_("only what is committed is published: git init, git add, git commit"),
)
DIRTY = code(
    "P102",
    Severity.ERROR,
    N_('"{path}" differs from what is committed'),
    N_("commit it, or move it out of the site; only what is committed is published"),
)
SHALLOW = code(
    "P103",
    Severity.ERROR,
    N_("the repository is a shallow clone: its history is cut off"),
    N_("fetch the whole history: git fetch --unshallow"),
)
MOVED_ON = code(
    "P104",
    Severity.ERROR,
    N_("the site was changed while it was being built"),
    N_("publish again"),
)
TRACKED = code(
    "P105",
    Severity.ERROR,
    N_('"{path}" is committed: what sitegen keeps for itself could then be forged'),
    N_("run: git rm -r --cached {path}, write /{path}/ into .gitignore, and commit"),
)
NO_TARGET = code(
    "P111",
    Severity.ERROR,
    N_("the settings name no target to publish to"),
    N_("write publish: targets: in content/site.yaml (see docs/publishing.md)"),
)
UNKNOWN_TARGET = code(
    "P112",
    Severity.ERROR,
    N_('there is no target "{name}"; these are known: {names}'),
)
WHICH_TARGET = code(
    "P113",
    Severity.ERROR,
    N_("which target? The settings name several: {names}"),
    N_("write its name after the command"),
)
BAD_TARGET = code(
    "P114",
    Severity.ERROR,
    N_('the target "{name}" needs either path or hosts'),
    N_("path is a folder on this machine; hosts are addresses such as ssh://user@host:22/srv/site"),
)
BAD_HOST = code(
    "P115",
    Severity.ERROR,
    N_('"{value}" is not the address of a host'),
    N_("write it as ssh://user@host:22/srv/site, with letters, digits and . _ - / only"),
)
SAME_TARGET = code(
    "P116",
    Severity.ERROR,
    N_('two targets are named "{name}"'),
    N_("give each a name of its own"),
)
BAD_URL = code(
    "P117",
    Severity.ERROR,
    N_('"{value}" is not an address to try the published site at'),
    N_("write it as https://xxgk.shifan.example/"),
)
SAME_HOST = code(
    "P118",
    Severity.ERROR,
    N_('"{value}" stands twice in the target'),
    N_("name each host once"),
)
INSIDE_SITE = code(
    "P119",
    Severity.ERROR,
    N_('the target "{folder}" would overwrite the sources of the site'),
    N_("publish into a folder outside of the site"),
)
NO_KEY = code(
    "P121",
    Severity.ERROR,
    N_('the signing key "{path}" cannot be read'),
    N_("make one with: ssh-keygen -t ed25519 -N '' -f FILE"),
)
KEY_IN_SITE = code(
    "P122",
    Severity.ERROR,
    N_('the signing key "{path}" lies in the folder of the site'),
    N_("keep it elsewhere, where it cannot be committed; if it was committed, make a new one"),
)
UNSIGNED = code(
    "P123",
    Severity.WARNING,
    N_("the release is not signed: no signing key is given"),
    N_("make one with ssh-keygen, and name it with --key or publish: key: in content/site.yaml"),
)
SIGNER_FAILED = code(
    "P124",
    Severity.ERROR,
    N_("signing failed: {reason}"),
    N_("the key must have no passphrase, or be loaded into ssh-agent"),
)
NO_BROTLI = code(
    "P131",
    Severity.NOTICE,
    N_("no .br files were made: the package brotli is not installed"),
    N_("install it with: pip install sitegen[publish]"),
)
BUILD_ALTERED = code(
    "P132",
    Severity.ERROR,
    N_('"{path}" is not what the build made'),
    N_("something else writes into the folder .sitegen of the site; publish again"),
)
TAKEN_ADDRESS = code(
    "P133",
    Severity.ERROR,
    N_('the address "{path}" is needed for the release itself'),
    N_("give that part of the site another name"),
)

CHAIN_RESTARTED = code(
    "P134",
    Severity.WARNING,
    N_("the manifest of the release {name} was altered on {host}; the chain begins anew"),
    N_("find out who altered it: sitegen verify; earlier releases are not listed any more"),
)

BUSY = code(
    "P201",
    Severity.ERROR,
    N_("somebody else is publishing to {host}: {owner}"),
    N_("wait until it has ended, or wait for it with --wait SECONDS"),
)
UNREACHABLE = code(
    "P202",
    Severity.ERROR,
    N_("{host} cannot be reached: {reason}"),
    N_("try it by hand: ssh HOST true; the key must be accepted without a question"),
)
HOST_FAILED = code(
    "P203",
    Severity.ERROR,
    N_("{host} refused ({step}): {reason}"),
)
ARRIVED_ALTERED = code(
    "P204",
    Severity.ERROR,
    N_("on {host}, files did not arrive as they were sent: {files}"),
    N_("its disk or the network may be faulty; nothing was switched"),
)
LOCK_LOST = code(
    "P205",
    Severity.ERROR,
    N_("the connection that holds the lock on {host} was lost"),
    N_("the network may have been cut; publish again"),
)
WENT_ON = code(
    "P206",
    Severity.ERROR,
    N_("on {host} somebody else switched the site in the meantime"),
    N_("publish again"),
)
SMOKE = code(
    "P207",
    Severity.ERROR,
    N_("after the switch the site does not answer as it should: {address}: {reason}"),
    N_("all hosts serve the earlier release again; look at the web server and the target's url:"),
)
NOT_BACK = code(
    "P208",
    Severity.ERROR,
    N_("{host} could not be brought back to the earlier release: {reason}"),
    N_("bring it back as soon as it can be reached: sitegen rollback"),
)
DIFFERENT = code(
    "P209",
    Severity.WARNING,
    N_("the hosts serve different releases: {releases}"),
    N_("publish again, or roll back, to bring them together"),
)
NO_TOOL = code(
    "P210",
    Severity.ERROR,
    N_("the program {name} is not installed"),
    N_("install it; on Debian: apt-get install rsync openssh-client"),
)
NOT_TIDY = code(
    "P211",
    Severity.WARNING,
    N_("what is not needed any more could not be removed on {host}: {reason}"),
    N_("the site is published; the next time it is tried again"),
)

SMOKE_OTHER = code(
    "P212",
    Severity.ERROR,
    N_("after the switch {address} is not what was released"),
    N_("all hosts serve the earlier release again; does the web server serve the link current?"),
)

NO_RELEASE = code(
    "P221",
    Severity.ERROR,
    N_('there is no release "{name}" on every host'),
    N_("see: sitegen releases"),
)
NOTHING_EARLIER = code(
    "P222",
    Severity.ERROR,
    N_("there is no earlier release to go back to"),
    N_("see: sitegen releases"),
)
SEVERAL_RELEASES = code(
    "P223",
    Severity.ERROR,
    N_('several releases begin with "{name}": {names}'),
    N_("write more of the name"),
)

NO_MANIFEST = code(
    "P301",
    Severity.ERROR,
    N_("{place} is not a published release: {reason}"),
    N_("name the folder or the address of a published site, such as https://xxgk.shifan.example/"),
)
ALTERED = code("P302", Severity.ERROR, N_('altered: "{path}" is not what was released'))
MISSING = code("P303", Severity.ERROR, N_('missing: "{path}" was released, but is not there'))
ADDED = code("P304", Severity.ERROR, N_('added: "{path}" is there, but was not released'))
NOT_SIGNED = code(
    "P305",
    Severity.WARNING,
    N_("the manifest is not signed: anybody who can write to the server can replace it as well"),
)
SIGNATURE_MISSING = code(
    "P306",
    Severity.ERROR,
    N_('the signature of "{path}" is missing'),
    N_("releases of this site are signed; somebody may have removed it"),
)
BAD_SIGNATURE = code("P307", Severity.ERROR, N_('the signature of "{path}" is not good: {reason}'))
CHAIN_MISSING = code(
    "P308",
    Severity.ERROR,
    N_("the chain of manifests is broken: the one with SHA-256 {sha256} is missing"),
)
SUMS_DIFFER = code("P309", Severity.ERROR, N_('"{path}" does not say what the manifest says'))
NO_ANSWER = code("P310", Severity.ERROR, N_('"{path}" could not be fetched: {reason}'))
OWN_KEY = code(
    "P311",
    Severity.NOTICE,
    N_("the signature was checked with the key that the site itself publishes"),
    N_("compare its fingerprint with one that you have on paper, or give the key with --key"),
)
BAD_KEY = code(
    "P312",
    Severity.ERROR,
    N_('"{path}" holds no public key'),
    N_("name a .pub file or an allowed_signers file, as ssh-keygen writes them"),
)
NO_BROTLI_TO_VERIFY = code(
    "P313",
    Severity.WARNING,
    N_("the .br files were not checked: the package brotli is not installed"),
    N_("install it with: pip install sitegen[publish]"),
)
CHAIN_ALTERED = code(
    "P314",
    Severity.ERROR,
    N_("the chain of manifests is broken: the one with SHA-256 {sha256} was altered"),
)
OTHER_SCHEME = code(
    "P315",
    Severity.ERROR,
    N_('the signature of "{path}" was not made by ssh-keygen'),
    N_("name the command that verifies it with --verifier"),
)
