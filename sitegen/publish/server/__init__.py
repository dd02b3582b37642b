"""The server of push to publish: everything that it needs lies below one folder, DIR.

    DIR/server.json         what the server was set up with; a technician may edit it
    DIR/repo.git            the bare repository that is pushed to, with the two hooks
    DIR/build/site          the build area: the pushed commit checked out, with sitegen's cache
    DIR/www                 the target (see `sitegen.publish`): releases, and the link ``current``
    DIR/keys/signing_key    signs the releases, unless another key was named
    DIR/nginx               the configuration of the web server
    DIR/timer               units of systemd, and a line for cron, that rebuild the site every day
    DIR/log                 what was pushed, and the whole list of problems of each push
    DIR/lock                held while something is checked or published: pushes queue

A push runs `receiving.check` before the commit is let in, and `receiving.go_public` after it. Both
publish with the same functions as the command line does; only the target and the key are those of
the server, never those that the pushed commit names.
"""

from __future__ import annotations
