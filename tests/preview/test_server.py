"""The preview's server, from outside: the real command, and whatever may be sent to it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import Served, serving
from smallsite import FILES, edit, small_site, write

PAGE, SOURCE = "/tzgg/kaifang.html", "tzgg/kaifang.md"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_site(tmp_path_factory.mktemp("served") / "site")
    (root / "secret.txt").write_text("秘密", encoding="utf-8")
    (root / ".git").mkdir()
    (root / ".git/config").write_text("秘密", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root, "--as-of", "2026-06-01") as served:
        yield served


class TestAnswers:
    def test_a_page_mirrors_its_source_path(self, served: Served) -> None:
        answer = served.raw(PAGE)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert "关于周六开放的通知" in body.decode()
        said = head.decode().lower()
        assert "content-type: text/html; charset=utf-8" in said
        assert "cache-control: no-store" in said
        assert "content-security-policy: default-src 'none'; " in said
        assert "x-content-type-options: nosniff" in said

    def test_the_page_holds_no_policy_against_the_previews_own_script(self, served: Served) -> None:
        text = served.text(PAGE)
        assert "http-equiv=" not in text
        assert text.count('<script src="/-/preview.js"') == 1

    def test_unknown_addresses_get_the_sites_own_page(self, served: Served) -> None:
        assert served.status("/tzgg/nichts.html") == 404
        assert "示范经济开发区" in served.text("/tzgg/nichts.html")

    def test_a_folder_without_its_slash_is_found(self, served: Served) -> None:
        answer = served.raw("/tzgg")
        assert answer.startswith(b"HTTP/1.1 302 ")
        assert b"Location: /tzgg/\r\n" in answer
        assert served.status("/tzgg/") == 200

    def test_head_is_get_without_the_body(self, served: Served) -> None:
        head = served.raw(PAGE, method="HEAD")
        full = served.raw(PAGE).partition(b"\r\n\r\n")[2]
        assert head.endswith(b"\r\n\r\n")
        assert f"Content-Length: {len(full)}\r\n".encode() in head

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
    def test_other_methods_are_refused(self, served: Served, method: str) -> None:
        assert served.status(PAGE, method=method) == 405

    def test_downloads_have_their_human_names_and_types(self, served: Served) -> None:
        table = served.raw("/shoufei/2026/items.csv").decode("utf-8", "replace")
        assert "Content-Type: text/csv; charset=utf-8" in table
        assert "Content-Disposition: attachment; filename*=UTF-8''items.csv" in table
        attached = served.raw("/tzgg/kaifang/biao.txt").decode()
        assert f"filename*=UTF-8''{quote('预约申请表.txt')}" in attached
        assert attached.endswith("姓名：\n")
        assert "Content-Disposition" not in served.raw("/index.html").decode()

    def test_what_is_beside_a_page_is_one_json_value(self, served: Served) -> None:
        said = json.loads(served.text("/-/page?address=tzgg/caogao.html"))
        assert said["bar"]["source"] == "content/tzgg/caogao.md"
        assert said["bar"]["status_label"] == "草稿"
        assert said["today"] == "2026-06-01"

    def test_another_day_may_be_asked_for(self, served: Served) -> None:
        said = json.loads(served.text("/-/page?address=tzgg/jianglai.html&as-of=2026-12-31"))
        assert (said["bar"]["status"], said["today"]) == ("published", "2026-12-31")
        assert served.status("/tzgg/jianglai.html?as-of=2026-12-31") == 200
        assert served.status("/tzgg/jianglai.html?as-of=nonsense") == 200


class TestSafety:
    @pytest.mark.parametrize(
        "path",
        [
            "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
            "/%252e%252e/secret.txt", "/..%252fsecret.txt", "/tzgg/../../secret.txt",
            "/..\\secret.txt", "/..%5csecret.txt", "//etc/passwd", "///etc/passwd", "/etc/passwd",
            "/.sitegen/", "/.git/config", "/content/site.yaml", "/site.yaml", "/tzgg/kaifang.md",
            "/%00", "/index.html%00", "/%ff", "/-/../index.html/..", "/-/..%2f..%2fsecret.txt",
            "/-/server.py", "/-/", "/-/preview.js/", "/themes/default/theme.yaml",
            "http://evil.example/", "file:///etc/passwd", "*",
        ],
    )  # fmt: skip
    def test_nothing_but_the_site_is_served(self, served: Served, path: str) -> None:
        answer = served.raw(path)
        assert int(answer.split(b" ", 2)[1]) in (400, 404)
        assert "秘密".encode() not in answer
        assert b"root:" not in answer

    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", None, " "]
    )
    def test_a_foreign_host_is_refused(self, served: Served, host: str | None) -> None:
        host = host.format(port=served.port) if host else host
        for path in (PAGE, "/-/page?address=index.html", "/-/events"):
            assert served.status(path, host) == 403

    def test_two_hosts_are_refused(self, served: Served) -> None:
        more = f"Host: localhost:{served.port}\r\n"
        assert served.raw(PAGE, more=more).startswith(b"HTTP/1.1 403 ")

    def test_the_answer_after_a_body_is_not_taken_from_it(self, served: Served) -> None:
        inner = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
        head = (
            f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            f"Content-Length: {len(inner)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(head.encode() + inner)
            answer = b""
            while block := connection.recv(1 << 16):
                answer += block
        assert answer.count(b"HTTP/1.1 ") == 1

    @pytest.mark.parametrize(
        "request_text",
        [
            "\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "x" * 70000,
            "GET / HTTP/1.1\r\n" + "a: b\r\n" * 200,
        ],
    )
    def test_nonsense_is_survived(self, served: Served, request_text: str) -> None:
        with socket.create_connection(("127.0.0.1", served.port), timeout=3) as connection:
            connection.sendall(request_text.encode())
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)
        assert served.status(PAGE) == 200

    def test_a_flood_of_silent_connections_keeps_nobody_out(self, served: Served) -> None:
        flood = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(200)]
        try:
            began = time.monotonic()
            assert served.status(PAGE) == 200
            assert time.monotonic() - began < 8
        finally:
            for connection in flood:
                connection.close()

    def test_a_flood_of_requests_is_answered(self, served: Served) -> None:
        statuses: list[int] = []

        def ask() -> None:
            statuses.append(served.status(PAGE))

        threads = [threading.Thread(target=ask) for _ in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 60

    def test_a_slow_client_delays_nobody(self, served: Served) -> None:
        with socket.create_connection(("127.0.0.1", served.port)) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            slow.sendall(f"GET /assets/x HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n".encode())
            began = time.monotonic()
            assert served.status(PAGE) == 200
            assert time.monotonic() - began < 8

    def test_listeners_are_bounded_and_let_go(self, served: Served) -> None:
        request = f"GET /-/events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
        listeners = []
        refused = 0
        for _ in range(40):
            connection = socket.create_connection(("127.0.0.1", served.port), timeout=5)
            connection.sendall(request)
            refused += connection.recv(100).startswith(b"HTTP/1.1 503 ")
            listeners.append(connection)
        assert 0 < refused < 40
        assert served.status(PAGE) == 200
        for connection in listeners:
            connection.close()
        end = time.monotonic() + 5
        while b" 200 " not in _first(served, request) and time.monotonic() < end:
            time.sleep(0.2)
        assert b" 200 " in _first(served, request)


def _first(served: Served, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as connection:
        connection.sendall(request)
        return connection.recv(100)


class TestChanges:
    def test_saved_lines_are_served_soon(self, root: Path, served: Served) -> None:
        took = []
        for number in range(5):
            file = root / "content" / SOURCE
            file.write_text(
                file.read_text(encoding="utf-8") + f"\n标记{number}\n", encoding="utf-8"
            )
            took.append(served.until(PAGE, f"标记{number}"))
        assert sorted(took)[2] < 0.5

    def test_listeners_hear_of_a_change(self, root: Path, served: Served) -> None:
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            request = f"GET /-/events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n"
            connection.sendall(request.encode())
            heard = b""
            while b"\ndata: " not in heard:
                heard += connection.recv(1000)
            edit(root, "tzgg/_column.yaml", "党政办公室", "办公室")
            heard = b""
            while b"data: " not in heard:
                heard += connection.recv(1000)

    def test_a_problem_is_told_once_and_so_is_its_end(self, root: Path, served: Served) -> None:
        text = (root / "content" / SOURCE).read_text(encoding="utf-8")
        edit(root, SOURCE, "2026-03-02", "三月二日")
        assert served.said("需要改正的问题：1 处")
        write(root, SOURCE, text.replace("2026-03-02", "三月二日") + "\n还是不对。\n")
        served.until(PAGE, "关于周六")
        write(root, SOURCE, text)
        assert served.said("所有问题均已改正")
        assert "".join(served.err).count("“三月二日”不是日期") == 1


def test_polling_sees_changes_too(tmp_path: Path) -> None:
    root = small_site(tmp_path)
    with serving(root, "--poll", "--as-of", "2026-06-01") as served:
        write(root, "tzgg/xin.md", FILES[SOURCE].split("附件")[0] + "---\n\n新的。\n")
        served.until("/tzgg/xin.html", "新的。")


def test_a_busy_port_is_told_and_the_next_one_taken(tmp_path: Path) -> None:
    root = small_site(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with serving(root, port=port) as served:
            assert served.port > port
            assert served.said(f"端口 {port} 已被其他程序占用")


def test_ctrl_c_ends_it_cleanly_while_a_browser_listens(tmp_path: Path) -> None:
    root = small_site(tmp_path)
    with serving(root) as served:
        listener = socket.create_connection(("127.0.0.1", served.port))
        listener.sendall(
            f"GET /-/events HTTP/1.1\r\nHost: localhost:{served.port}\r\n\r\n".encode()
        )
        listener.recv(100)
    assert served.process.returncode == 0
    assert "Traceback" not in "".join(served.err)
    assert served.said("预览已结束")


def test_beyond_this_machine_there_is_a_warning(tmp_path: Path) -> None:
    with serving(small_site(tmp_path), "--bind", "0.0.0.0") as served:
        assert served.said("包括草稿")
        assert served.status(PAGE) == 200


def test_a_folder_without_content_is_no_site(tmp_path: Path) -> None:
    from sitegen.cli import MISUSE, main

    assert main(["-C", str(tmp_path), "serve", "--no-open"]) == MISUSE
