from typing import Any

import pytest
from ray.serve._private.http_util import convert_object_to_asgi_messages
from starlette.types import Receive, Scope, Send

from ocr_app.proxy import answers
from ocr_app.proxy.answers import ServeAnswersMiddleware
from tests.proxy.support import Answer, call, http_scope


class Serve:
    """Serve's proxy, with the answers that it is told to give, one a call; None for none at all."""

    def __init__(self, *replies: tuple[Any, int] | None) -> None:
        self._replies = list(replies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = self._replies.pop(0)
        for message in convert_object_to_asgi_messages(reply[0], reply[1]) if reply else ():
            await send(message)


async def ask(serve: Serve, path: str = "/v1/models") -> Answer:
    return await call(ServeAnswersMiddleware(serve), http_scope(path))


async def test_a_replica_that_dies_is_an_error_that_clients_try_again() -> None:
    answer = await ask(Serve(None))
    assert (answer.status, answer.error["code"]) == (503, "front_died")


@pytest.mark.parametrize(("text", "status", "then"), [("deployment 'Api' is gone", 503, 503), ("Traceback", 500, 500)])
async def test_plain_errors_become_openai_errors_without_serves_words(text: str, status: int, then: int) -> None:
    answer = await ask(Serve((text, status)))
    assert answer.status == then
    assert text not in answer.error["message"]


async def test_plain_refusals_keep_their_text() -> None:
    answer = await ask(Serve(("too much", 429)))
    assert (answer.status, answer.error["message"]) == (429, "too much")


async def test_a_new_proxy_waits_until_it_knows_the_application() -> None:
    missing = ("Path '/v1/models' not found.", 404)
    answer = await ask(Serve(missing, missing, ({"data": []}, 200)))
    assert answer.status == 200


async def test_an_old_proxy_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_ROUTES_S", -1.0)
    answer = await ask(Serve(("Path '/v1/models' not found.", 404)))
    assert (answer.status, answer.error["code"]) == (503, "not_ready")


async def test_answers_of_the_application_and_of_health_pass() -> None:
    answer = await ask(Serve(({"error": {"message": "no such model"}}, 404)))
    assert (answer.status, answer.error["message"]) == (404, "no such model")
    health = await ask(Serve(("This node is being drained.", 503)), "/-/healthz")
    assert health.messages[1]["body"] == b"This node is being drained."


async def test_an_exception_is_an_openai_error() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "secret")

    answer = await call(ServeAnswersMiddleware(broken), http_scope())
    assert answer.status == 500
    assert "secret" not in answer.error["message"]
