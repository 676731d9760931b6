"""A busy port is found out before anything starts, and told in words."""

from __future__ import annotations

import socket

import pytest

from bot.errors import SetupError
from bot.supervisor.ports import pick_free, require_free


def test_a_busy_port_is_one_sentence_with_the_port_and_its_setting():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=rf"Port {port} is in use.*DESK_PORT=\d+ make run"):
            require_free("127.0.0.1", port, variable="DESK_PORT")
    require_free("127.0.0.1", port, variable="DESK_PORT")


def test_an_address_that_is_not_ours_is_told_apart_from_a_busy_port():
    with pytest.raises(SetupError, match=r"Nothing can listen on 192\.0\.2\.1"):
        require_free("192.0.2.1", pick_free(1)[0], variable="DESK_PORT")


def test_free_ports_are_different_from_each_other():
    assert len(set(pick_free(20))) == 20
