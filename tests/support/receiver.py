"""A receiver of webhooks on 127.0.0.1 that verifies its messages and answers as a test wants."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook

from tests.support.processes import wait_until

Answer = Callable[[], tuple[int, dict[str, str]]]


def ok() -> tuple[int, dict[str, str]]:
    return 204, {}


class Receiver:
    """Takes messages on any path; `answer` says with which status and headers it answers."""

    def __init__(self, answer: Answer = ok) -> None:
        self.answer = answer
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self._let_go = threading.Event()

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.messages.append((headers, body))
                receiver.paths.append(self.path)
                status, more = receiver.answer()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def let_go(self) -> None:
        """Answer all that hang."""
        self._let_go.set()

    def hang(self) -> tuple[int, dict[str, str]]:
        """Answer with nothing until the test is over."""
        self._let_go.wait()
        return 503, {}

    def verified(self, secret: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many messages and give their bodies, verified by the standard's library."""
        wait_until(lambda: len(self.messages) >= count, what=f"{count} messages")
        bodies = [Webhook(secret).verify(body, headers) for headers, body in self.messages]
        assert bodies == [json.loads(body) for _, body in self.messages]
        return bodies

    def ids(self) -> list[str]:
        """Give the `webhook-id` of every message, in the order of arrival."""
        return [headers["webhook-id"] for headers, _ in self.messages]
