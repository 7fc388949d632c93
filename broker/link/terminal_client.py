"""aiomqtt's client, with nothing left of it where a connection was cut off in its first moment."""

from typing import Any

import aiomqtt


class TerminalClient(aiomqtt.Client):
    """The library's client, used for one connection and then let go of.

    Where CONNECT is not answered, or its wait is cancelled, the library leaves its socket open, its
    reader in the loop and a task that asks after the connection each second; collected later, when
    that loop has ended, its end raises where nobody hears it.
    """

    _is_let_go = False

    def let_go(self) -> None:
        """Close whatever is open still, once what the connecting thread asked of the loop is done.

        On the loop. What that thread, which nobody can stop, opens later is none of the loop's.
        """
        self._is_let_go = True
        self._loop.call_soon(self._close)

    def _close(self) -> None:
        if self._misc_task is not None:
            self._misc_task.cancel()
        line = self._client.socket()
        if line is None:
            return
        number = line.fileno()
        if number >= 0:
            self._loop.remove_reader(number)
            self._loop.remove_writer(number)
        line.close()

    def _on_socket_open(self, client: Any, userdata: Any, sock: Any) -> None:  # noqa: ANN401
        if not self._is_let_go:
            super()._on_socket_open(client, userdata, sock)

    def _on_socket_close(self, client: Any, userdata: Any, sock: Any) -> None:  # noqa: ANN401
        if not self._is_let_go:
            super()._on_socket_close(client, userdata, sock)

    def _on_socket_register_write(
        self,
        client: Any,  # noqa: ANN401
        userdata: Any,  # noqa: ANN401
        sock: Any,  # noqa: ANN401
    ) -> None:
        if not self._is_let_go:
            super()._on_socket_register_write(client, userdata, sock)

    def _on_socket_unregister_write(
        self,
        client: Any,  # noqa: ANN401
        userdata: Any,  # noqa: ANN401
        sock: Any,  # noqa: ANN401
    ) -> None:
        if not self._is_let_go:
            super()._on_socket_unregister_write(client, userdata, sock)
