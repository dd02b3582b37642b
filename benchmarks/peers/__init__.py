"""The peers that sitegen is measured beside, and the equal site for each of them."""

from __future__ import annotations

from peers.eleventy import ELEVENTY
from peers.hugo import HUGO, HUGO_FULL
from peers.mkdocs import MKDOCS
from peers.peer import Peer
from peers.pelican import PELICAN

PEERS: dict[str, Peer] = {peer.name: peer for peer in (HUGO, ELEVENTY, PELICAN, MKDOCS)}

SERVERS: dict[str, Peer] = {peer.name: peer for peer in (HUGO, HUGO_FULL, ELEVENTY)}
