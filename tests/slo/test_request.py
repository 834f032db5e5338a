"""One request: it has an end, follows nobody, and says why there is no answer."""

import socket
import threading
import time

import pytest

from selfcheck.probing import Answered, Refusal, ask, is_loopback
from tests.slo.service import Service, dead


def test_an_answer_has_its_status_its_type_and_its_body(service: Service) -> None:
    service.mood = "plain"

    answer = ask(service.url, 5)

    assert (answer.status, answer.kind.partition(";")[0], answer.body, answer.refusal) == (
        200,
        "text/plain",
        b"Healthy",
        None,
    )


def test_a_service_that_hangs_is_given_up_in_time(service: Service) -> None:
    service.mood = "hung"
    started = time.monotonic()

    answer = ask(service.url, 0.2)

    assert (answer.refusal, time.monotonic() - started < 3) == (Refusal.TIMEOUT, True)


def test_a_service_that_drips_is_given_up_in_time() -> None:
    """Each byte comes before a timeout of the socket's own would end it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_drip, args=(server,), daemon=True)
        thread.start()
        started = time.monotonic()

        answer = ask(f"http://127.0.0.1:{server.getsockname()[1]}/", 0.4)

        assert (answer.refusal, time.monotonic() - started < 3) == (Refusal.TIMEOUT, True)
    thread.join(5)


def _drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(60):
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            return


def test_a_service_that_is_dead_refuses() -> None:
    assert ask(dead(), 2).refusal is Refusal.CONNECTION


def test_a_name_that_nobody_knows_is_not_found() -> None:
    assert ask("http://selfcheck.invalid/", 5).refusal in (Refusal.NAME, Refusal.TIMEOUT)


def test_a_service_that_speaks_no_tls_is_refused(service: Service) -> None:
    assert ask(service.url.replace("http:", "https:"), 5).refusal is Refusal.TLS


def test_an_answer_that_is_no_http_is_broken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_babble, args=(server,), daemon=True)
        thread.start()

        answer = ask(f"http://127.0.0.1:{server.getsockname()[1]}/", 5)

    thread.join(5)
    assert answer.refusal is Refusal.BROKEN


def _babble(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"babble\r\n\r\n")


def test_a_redirect_is_not_followed(service: Service) -> None:
    service.mood = "moved"

    answer = ask(f"{service.url}/health", 5)

    assert (answer.status, service.asked) == (307, ["/health"])


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://localhost/", "//localhost", "http://", "localhost:80"])
def test_what_is_no_url_of_the_web_is_not_asked(url: str) -> None:
    with pytest.raises(ValueError, match="no URL"):
        ask(url, 1)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8000/x", True),
        ("http://127.0.0.1", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:80/", True),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://0.0.0.0", False),
        ("http://10.0.0.1", False),
        ("http://user@127.0.0.1@example.org/", False),
        ("http://2130706433/", False),
    ],
)
def test_only_this_machine_is_this_machine(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_an_answer_without_a_body_is_one(service: Service) -> None:
    service.mood = "moved"

    assert isinstance(ask(service.url, 5, method="HEAD"), Answered)
