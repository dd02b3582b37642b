"""The configuration of nginx for one site: pure texts, made once when a server is set up.

It stays the same from release to release. What a release changes (old addresses, withdrawn pages)
nginx finds in the release itself, as signposts (`sitegen.outputs.signposts`), so that it comes and
goes with the switch of ``current``: nothing is reloaded, and there is no moment in which the
redirects of one release meet the pages of another. Only the names of attachments are a list that
nginx reads when it starts; until it is reloaded, a new attachment is saved under its address.

What was measured and tried is in docs/server.md.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sitegen.outputs.signposts import (
    DEEPEST,
    GONE,
    GONE_MARK,
    MOVED,
    MOVED_MARK,
    NAMES,
    PAGE,
    SEPARATOR,
)

SITE, HEADERS, ONCE = "site.conf", "security-headers.conf", "once.conf"

POLICY = "; ".join(
    ["default-src 'none'"]
    + [f"{kind} 'self'" for kind in ("script-src", "style-src", "font-src", "connect-src")]
    + ["img-src 'self' data:", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
)
"""The policy that goes with every answer. Pages have no script or style of their own in them."""
PDF_POLICY = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'; object-src 'self'")
"""For PDF files: the viewers of browsers are pages with a style of their own around the file."""

_TYPES = {
    "text/html": "html htm",
    "text/css": "css",
    "text/csv": "csv",
    "text/plain": "txt map sig",
    "text/markdown": "md",
    "text/javascript": "js mjs",
    "application/json": "json",
    "application/xml": "xml",
    "application/wasm": "wasm",
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "font/woff2": "woff2",
    "application/pdf": "pdf",
    "application/ofd": "ofd",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/x-7z-compressed": "7z",
    "application/vnd.rar": "rar",
    "application/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.ms-works": "wps et dps",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}
"""Media types by endings: the server's own list differs from system to system."""
_TEXTS = (
    "text/css text/csv text/plain text/markdown text/javascript application/json application/xml"
    " image/svg+xml"
)
"""Types that are told with ``charset=utf-8``; text/html is always among them."""
_SAVED = "csv|xlsx|xls|et|docx|doc|wps|pptx|ppt|dps|rtf|ofd|zip|7z|rar"
"""Endings of files that are to be saved, not shown."""


@dataclass(frozen=True, slots=True)
class Served:
    """What nginx is to serve. Paths are absolute, `base` is the BASE of the local target."""

    base: str
    conf: str
    """The folder of the configuration files."""
    port: int = 80
    site_url: str = ""
    """The public address of the site; with a path in it, the site is served below that path too."""
    brotli: bool = False
    """Whether nginx has the module brotli_static."""
    bind: str = ""
    """Listen on this address only; everywhere if it is empty."""
    ipv6: bool = True
    """Whether the machine speaks IPv6; nginx does not start where it must listen and cannot."""


def configuration(served: Served) -> dict[str, str]:
    """The files of the configuration, by name.

    ``once.conf`` and ``site.conf`` belong into nginx's ``http`` block; one nginx may serve several
    sites, with one ``once.conf``.
    """
    name = _variables(served)
    return {ONCE: _ONCE, SITE: _site(served, name), HEADERS: _headers(name)}


def quoted(text: str) -> str:
    """A text as one word of nginx's configuration."""
    return '"' + re.sub(r'([\\"])', r"\\\1", text) + '"'


_ONCE = """\
# Room for the lists of attachments. These lines may stand once in a whole nginx, however many sites
# it serves: leave them out where it has them already.
map_hash_max_size 65536;
map_hash_bucket_size 512;
"""


def _variables(served: Served) -> str:
    """How the variables of this site begin: one nginx may serve several."""
    address = urlsplit(served.site_url)
    place = f"{address.hostname or 'site'} {served.port} {address.path}"
    return "_".join(re.findall("[a-z0-9]+", place.lower()))


def _headers(name: str) -> str:
    return f"""\
# Security headers. nginx forgets the add_header lines of an outer block as soon as an inner one has
# its own, so this file is included in every location. HSTS is left to you: switch it on where TLS
# ends, once https works for good.
add_header Content-Security-Policy $sitegen_{name}_policy always;
add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options DENY always;
add_header Referrer-Policy strict-origin-when-cross-origin always;
add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;
add_header Cross-Origin-Opener-Policy same-origin always;
# The policy itself, by type of the answer, is in {SITE}.
"""


def _site(served: Served, name: str) -> str:
    address = urlsplit(served.site_url)
    prefix = address.path.rstrip("/")
    host = address.hostname or "_"
    current, shared = f"{served.base}/current", f"{served.base}/shared"
    headers = f"include {quoted(posixpath.join(served.conf, HEADERS))};"
    brotli = "brotli_static on;" if served.brotli else "# brotli_static on;  # with its module"
    listen = [f"listen {served.bind + ':' if served.bind else ''}{served.port};"]
    if served.ipv6 and not served.bind:
        listen.append(f"listen [::]:{served.port};")
    types = "\n".join(f"        {kind} {endings};" for kind, endings in _TYPES.items())
    slashes = "\n".join(
        f"            rewrite ^([^{SEPARATOR}]*)[{SEPARATOR}](.*)$ $1/$2;" for _ in range(DEEPEST)
    )
    called = f"filename=\\\"$sitegen_{name}_file\\\"; filename*=UTF-8''$sitegen_{name}_name"
    mark = re.escape(MOVED_MARK)
    below = _below(prefix, f"$sitegen_{name}_below") if prefix else ""
    folders = _folders(prefix, headers) if prefix else ""
    return f"""\
# nginx for {served.site_url or "this site"}, written by: sitegen server init
# It does not change with releases. Put what is your own into a file beside it: this one is written
# anew when server init runs again. Use it from the http block of nginx:
#     include {served.conf}/{ONCE};
#     include {served.conf}/{SITE};

map $sent_http_content_type $sitegen_{name}_policy {{
    default {quoted(POLICY)};
    "~^application/pdf" {quoted(PDF_POLICY)};
}}
# Names of attachments, percent-encoded; read when nginx starts or is reloaded.
map $uri $sitegen_{name}_name {{
    default "";
    include {quoted(f"{current}/{NAMES[:-1]}[{NAMES[-1]}]")};
}}
map $uri $sitegen_{name}_file {{
    default "";
    "~/(?<last_part>[A-Za-z0-9._-]+)$" $last_part;
}}
map $sitegen_{name}_name $sitegen_{name}_saved {{
    default "attachment; {called}";
    "" "attachment";
}}
map $sitegen_{name}_name $sitegen_{name}_shown {{
    default "inline; {called}";
    "" "";
}}

server {{
    {chr(10).join(listen).replace(chr(10), chr(10) + "    ")}
    server_name {host};
    root {quoted(current)};
    index index.html;
    autoindex off;
    server_tokens off;
    # Redirects say the path only: they are right behind any balancer, port and scheme.
    absolute_redirect off;
    # The tree is switched by a link. A cache of open files would go on with the old one.
    open_file_cache off;

    charset utf-8;
    charset_types {_TEXTS};
    default_type application/octet-stream;
    types {{
{types}
    }}

    # Compressed beforehand, by the publisher.
    gzip off;
    gzip_static on;
    gzip_vary on;
    {brotli}

    # The time of a file is that since which it is what it is, so an ETag (time and size) never
    # means two different contents.
    etag on;
    if_modified_since exact;

    error_page 404 /404.html;
    error_page 403 =404 /404.html;
    error_page 410 /.sitegen-gone$uri;

    {headers}
    add_header Cache-Control no-cache always;

    if ($request_method !~ "^(GET|HEAD)$") {{
        return 405;
    }}
{below}
    # Nothing that begins with a dot, but for what is public by its nature (RFC 8615). It comes
    # first, because of the locations that go by a pattern nginx takes the first.
    location ~ "/\\.(?!well-known/)" {{
        {headers}
        return 404;
    }}

    # Pages: always asked for again, which costs a 304. Old addresses and withdrawn documents first.
    location ~ "\\.html?$" {{
        {headers}
        add_header Cache-Control no-cache always;
        if (-d "$document_root/{MOVED[:-1]}$uri{MOVED_MARK}") {{
            rewrite ^ /.sitegen-moved$uri{MOVED_MARK}/ last;
        }}
        if (-f "$document_root/{GONE[:-1]}$uri{GONE_MARK}") {{
            return 410;
        }}
    }}
    location ^~ /.sitegen-gone/ {{
        internal;
        {headers}
        add_header Cache-Control no-cache always;
        alias {quoted(current + "/")};
    }}
    # In the folder of a moved page lies one file, named after the new address: random_index finds
    # it, and the name is turned back into the address.
    location ^~ /.sitegen-moved/ {{
        internal;
        {headers}
        add_header Cache-Control "max-age=3600" always;
        alias {quoted(f"{current}/{MOVED}")};
        random_index on;
        location ~ "^/\\.sitegen-moved/.*{mark}/[^/]+$" {{
            internal;
            {headers}
            add_header Cache-Control "max-age=3600" always;
            rewrite ^/.*/([^/]+)$ /$1;
{slashes}
            rewrite ^(.*/)index$ {prefix}$1 permanent;
            rewrite ^(.*)$ {prefix}$1{PAGE} permanent;
        }}
    }}

    # Assets have their digest in their name. Those of all kept releases are in shared/, for readers
    # whose page is from before the switch.
    location ^~ /assets/ {{
        {headers}
        add_header Cache-Control "public, max-age=31536000, immutable";
        root {quoted(shared)};
        try_files $uri @asset;
    }}
    location @asset {{
        {headers}
        add_header Cache-Control "public, max-age=31536000, immutable";
        root {quoted(current)};
    }}

    # Downloads are saved under the name that the clerk gave them; PDF files and pictures are shown.
    location ~* "\\.({_SAVED})$" {{
        {headers}
        add_header Cache-Control no-cache always;
        add_header Content-Disposition $sitegen_{name}_saved;
    }}
    location ~ "(^|/)(feed\\.(xml|json)|sitemap[0-9-]*\\.xml|site\\.json|robots\\.txt)$" {{
        {headers}
        add_header Cache-Control "public, max-age=300";
    }}
    location / {{
        {headers}
        add_header Cache-Control no-cache always;
        add_header Content-Disposition $sitegen_{name}_shown;
    }}
{folders}
    location = /SHA256SUMS {{
        {headers}
        add_header Cache-Control no-cache always;
        default_type text/plain;
    }}
    location ^~ /.well-known/ {{
        {headers}
        add_header Cache-Control no-cache always;
    }}
}}
"""


def _below(prefix: str, variable: str) -> str:
    """The site below the path of its public address, as well as at the root.

    A column may be called as the path is, so the path is taken away once, when the request comes
    in, and not again when nginx leads it on inside.
    """
    pattern = re.escape(prefix)
    return f"""
    # The public address has a path: the same site below it.
    uninitialized_variable_warn off;
    if ({variable} = "") {{
        set {variable} known;
        rewrite "^{pattern}$" {prefix}/ permanent;
        rewrite "^{pattern}(/.*)$" $1;
    }}
"""


def _folders(prefix: str, headers: str) -> str:
    """The slash that is missing after the name of a folder, with the path of the public address."""
    return f"""
    location ~ "/[^/.]+$" {{
        {headers}
        add_header Cache-Control no-cache always;
        if (-d $request_filename) {{
            rewrite ^(.*)$ {prefix}$1/ permanent;
        }}
    }}
"""
