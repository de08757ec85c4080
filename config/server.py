"""How the web server is run: `gunicorn --config python:config.server config.wsgi`."""

import os
import socket
import struct
from typing import Any

workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
graceful_timeout = 10
control_socket_disable = True
loglevel = "warning"

forwarded_allow_ips = ""
"""gunicorn believes no header about where a request came from: that is decided once, by
TRUSTED_PROXIES.
"""

keepalive = 15
"""Seconds that a connection waits for the next request of one who reads. It holds no thread."""

limit_request_fields = 60
limit_request_field_size = 8_190

STALLED_SECONDS = int(os.environ.get("STALLED_SECONDS", "20"))
"""After so long without a byte a sender or reader is given up, and its thread is free again."""


def when_ready(server: Any) -> None:
    """Connections inherit how long their listener waits; a thread would wait for ever."""
    wait = struct.pack("ll", STALLED_SECONDS, 0)
    for listener in server.LISTENERS:
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, direction, wait)
