"""template-name works until it is told to stop."""

import pathlib
import signal
import threading

stop = threading.Event()


def work() -> None:
    """Takes one message; put yours here. The queue is in QUEUE_HOST, QUEUE_PORT, QUEUE_USERNAME and QUEUE_PASSWORD."""


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("template-name works", flush=True)
    while not stop.wait(1):
        work()
        pathlib.Path("/tmp/alive").touch()


if __name__ == "__main__":
    main()
