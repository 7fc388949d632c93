"""A mail server that takes every mail and keeps which; it can be down, as such servers are."""

import socketserver
import threading
from collections import Counter
from typing import Final, Self

HOST: Final = "127.0.0.1"
_LONGEST_LINE: Final = 65_536
_SAID: Final = {"EHLO": b"250 localhost\r\n", "DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}


class MailServer:
    """Takes mails on a port of this machine; `mails` counts them by their Message-ID.

    While `down` it hangs up on whoever comes. A mail that was taken is kept before it is said so.
    """

    def __init__(self) -> None:
        self.mails: Counter[str] = Counter()
        self.down = False
        self._server: socketserver.ThreadingTCPServer | None = None

    @property
    def port(self) -> int:
        """Give the port that a hub is told."""
        assert self._server is not None  # noqa: S101  # it is served
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Serve, on threads of its own."""
        handler = type("Handler", (_Handler,), {"mail": self})
        self._server = socketserver.ThreadingTCPServer((HOST, 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Handler(socketserver.StreamRequestHandler):
    """Speaks as much of SMTP as a mail takes."""

    mail: MailServer

    def handle(self) -> None:
        """Take mails until the other end is done; whoever hangs up in the middle sent none."""
        if self.mail.down:
            return
        self.wfile.write(b"220 localhost\r\n")
        while line := self.rfile.readline(_LONGEST_LINE):
            word = line[:4].decode("ascii", "replace").upper()
            if self.mail.down:
                return
            self.wfile.write(_SAID.get(word, b"250 ok\r\n"))
            if word == "DATA" and not self._take():
                return
            if word == "QUIT":
                return

    def _take(self) -> bool:
        """Take a mail and keep its id; False where the line ended before its end."""
        name = ""
        while line := self.rfile.readline(_LONGEST_LINE):
            if line == b".\r\n":
                self.mail.mails[name] += 1
                self.wfile.write(b"250 taken\r\n")
                return True
            if line.lower().startswith(b"message-id:"):
                name = line.partition(b":")[2].strip().decode("ascii", "replace")
        return False
