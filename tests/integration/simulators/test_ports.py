"""Ports for programs of ours: the same ones from start to start where nobody else has them."""

import socket

from simulators.faults import is_free, port_near


def test_a_free_port_stays_as_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

    assert port_near(port) == port


def test_a_taken_port_gives_way_to_a_near_one_that_is_free_and_the_same_each_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

        near, again = port_near(port), port_near(port)

        assert near == again
        assert port < near
        assert is_free(near)


def test_a_port_that_is_promised_to_another_is_not_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

    assert port_near(port, but=(port,)) != port
