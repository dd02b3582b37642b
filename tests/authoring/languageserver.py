"""A small client of yaml-language-server, which is what editors check and complete YAML with."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATIENCE = 60


class LanguageServer:
    """A running server, spoken to as an editor does (Language Server Protocol, over pipes)."""

    def __init__(self, folder: Path, root: Path) -> None:
        """`folder` holds ``node_modules``; `root` is the folder that the editor has open."""
        program = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        self._versions: dict[str, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        self.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
        self._tell("initialized", {})
        yaml = {"validate": True, "completion": True, "schemaStore": {"enable": False}}
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def complaints(self, path: Path, text: str) -> list[tuple[int, str]]:
        """What the editor underlines in a file: line (from 1) and message."""
        uri = path.as_uri()
        version = self._versions[uri] = self._versions.get(uri, 0) + 1
        if version == 1:
            document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        else:
            changed = {"textDocument": {"uri": uri, "version": version}}
            self._tell("textDocument/didChange", changed | {"contentChanges": [{"text": text}]})
        while True:
            message = self._heard.get(timeout=PATIENCE)
            if message.get("method") == "textDocument/publishDiagnostics":
                said = message["params"]
                if said["uri"] == uri:
                    found = said["diagnostics"]
                    return [(each["range"]["start"]["line"] + 1, each["message"]) for each in found]

    def offers(self, path: Path, line: int, column: int) -> list[dict[str, Any]]:
        """What the editor offers at a place (from 1) of an open file."""
        position = {"line": line - 1, "character": column - 1}
        asked = {"textDocument": {"uri": path.as_uri()}, "position": position}
        answer = self.ask("textDocument/completion", asked)
        items: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer
        return items

    def shown(self, path: Path, line: int, column: int) -> str:
        """What the editor shows when the pointer rests on a place."""
        position = {"line": line - 1, "character": column - 1}
        asked = {"textDocument": {"uri": path.as_uri()}, "position": position}
        answer = self.ask("textDocument/hover", asked)
        return str(answer["contents"]["value"]) if answer else ""

    def ask(self, method: str, params: Mapping[str, Any]) -> Any:
        """Send a request and wait for its answer."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._heard.get(timeout=PATIENCE)
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _tell(self, method: str, params: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
                header = stream.readline()
            message = json.loads(stream.read(length))
            if "id" in message and "method" in message:  # the server asks: it gets no answer of use
                self._send({"id": message["id"], "result": None})
                continue
            self._heard.put(message)
