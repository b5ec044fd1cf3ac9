import pytest
from ray.serve._private import constants

from ocr_app.proxy.headers import HeadersMiddleware
from tests.proxy.support import Echo, call, http_scope


async def seen(*headers: tuple[bytes, bytes]) -> dict[bytes, bytes]:
    echo = Echo()
    await call(HeadersMiddleware(echo), http_scope(headers=list(headers)))
    return dict(echo.scopes[0]["headers"])


async def ids_in_answer(*given: bytes) -> list[bytes]:
    async def app(scope: object, receive: object, send: object) -> None:
        # Both Serve and the Api add one.
        headers = [(b"x-request-id", b"of-the-api"), (b"X-Request-ID", b"of-serve"), (b"x-other", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    scope = http_scope(headers=[(b"x-request-id", value) for value in given])
    answer = await call(HeadersMiddleware(app), scope)
    assert (b"x-other", b"1") in answer.headers
    return [value for name, value in answer.headers if name.lower() == b"x-request-id"]


async def test_the_answer_has_one_id_the_clients_own() -> None:
    assert await ids_in_answer(b"my-id.7") == [b"my-id.7"]
    assert await ids_in_answer(b"first", b"second") == [b"first"]


@pytest.mark.parametrize("bad", [b"", b"a" * 129, b"a b", b"\xff\xfe", b'"', b"a\x00", b"a" * 1_000_000])
async def test_an_id_that_is_long_or_unsafe_is_replaced_before_serve_sees_it(bad: bytes) -> None:
    (request_id,) = await ids_in_answer(bad)
    assert len(request_id) == 32
    assert request_id.isalnum()
    assert (await seen((b"x-request-id", bad)))[b"x-request-id"].isalnum()


async def test_headers_that_serve_obeys_are_not_the_clients_to_set() -> None:
    own = [
        constants.SERVE_MULTIPLEXED_MODEL_ID,
        constants.SERVE_SESSION_ID,
        constants.SERVE_HTTP_REQUEST_TIMEOUT_S_HEADER,
        constants.SERVE_HTTP_REQUEST_DISCONNECT_DISABLED_HEADER,
        constants.SERVE_INGRESS_ROUTER_HEADER_PREFIX + "x",
    ]
    spellings = [name.lower().replace(a, b).encode() for name in own for a, b in ("-_", "_-")]
    kept = await seen(*((name, b"\xff") for name in spellings), (b"authorization", b"Bearer k"))
    assert set(kept) == {b"authorization", b"x-request-id"}


async def test_a_name_that_serve_cannot_decode_is_dropped_and_values_may_be_any_bytes() -> None:
    kept = await seen((b"x-\xff", b"1"), (b"x-note", b"\xff"))
    assert kept[b"x-note"] == b"\xff"
    assert b"x-\xff" not in kept
