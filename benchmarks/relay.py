"""A longer way to a server: ``python -m benchmarks.relay PORT HOST:PORT SECONDS``.

Whoever connects to the port of this machine is connected to that server; what it sends arrives so many seconds later,
however much it is. Answers are not held up, so a round trip takes that much longer. It prints a
line when it takes connections, and runs until it is ended.
"""

import contextlib
import queue
import socket
import sys
import threading
import time

Held = queue.SimpleQueue[tuple[float, bytes]]  # with the time at which it is to go on; empty: the end
CHUNK = 2**16


def serve(listener: socket.socket, server: tuple[str, int], seconds: float) -> None:
    """Relay every connection until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            upstream = socket.create_connection(server)
            for end in (client, upstream):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            held: Held = queue.SimpleQueue()
            for target, arguments in (
                (_take, (client, held, seconds)),
                (_pass_on, (held, upstream)),
                (_carry, (upstream, client)),
            ):
                threading.Thread(target=target, args=arguments, daemon=True).start()


def _take(source: socket.socket, held: Held, seconds: float) -> None:
    data = b"-"
    while data:
        try:
            data = source.recv(CHUNK)
        except OSError:
            data = b""
        held.put((time.monotonic() + seconds, data))


def _pass_on(held: Held, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            due, data = held.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError), source, target:
        while data := source.recv(CHUNK):
            target.sendall(data)


def main() -> None:
    """Relay."""
    port, server, seconds = sys.argv[1:]
    host, _, server_port = server.rpartition(":")
    listener = socket.create_server(("127.0.0.1", int(port)))
    print("ready", flush=True)  # noqa: T201 - so that who started it may go on
    serve(listener, (host, int(server_port)), float(seconds))


if __name__ == "__main__":
    main()
