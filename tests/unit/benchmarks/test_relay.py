"""The relay that makes a way longer."""

import socket
import threading
import time

from benchmarks.relay import serve

LONGER = 0.05  # seconds


def test_what_is_sent_arrives_whole_and_later_and_so_does_the_end() -> None:
    sent = bytes(range(256)) * 4096
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener, server.getsockname(), LONGER), daemon=True).start()
        with socket.create_connection(listener.getsockname()) as client, server.accept()[0] as served:
            client.settimeout(10)
            served.settimeout(10)
            began = time.monotonic()
            threading.Thread(target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR))).start()
            received = b"".join(iter(lambda: served.recv(2**16), b""))
            assert received == sent
            assert time.monotonic() - began >= LONGER
            served.sendall(b"answer")
            served.close()
            assert b"".join(iter(lambda: client.recv(2**16), b"")) == b"answer"
