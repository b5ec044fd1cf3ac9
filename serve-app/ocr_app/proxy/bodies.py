"""Whole bodies before Serve: a body that never arrives holds neither a slot of Serve nor one of the Api."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr_app.api.auth import authorization_of
from ocr_app.api.body import read_pieces
from ocr_app.api.disconnect import ClientGone
from ocr_app.api.errors import ApiError, overloaded
from ocr_app.proxy.figures import Figures, PublishedFigures
from ocr_app.proxy.refuse import refuse
from ocr_app.proxy.waiting import SOON_S, Place, Waiting

_PAUSE_S = 0.012
"""Between two pieces of 1 MiB, twice what the Api needs for one. Serve hands on all that it finds at once, and what
comes faster piles up in front of everybody else's requests."""

_PIECES_AT_ONCE = 3
"""Without a pause: most pages are no larger, and need not wait."""

_SMALL_BYTES = 2**20
"""What a body may have before its client is made to wait."""

_BREATH_S = 0.0005
"""After each message of a larger body, and as long again for each other that comes. A message of 256 KiB takes as long;
the requests of others get their turn in between."""

_TURN_S = 5.0
"""Longest wait for the large body before, in seconds: one that gets no further must not hold up others for ever."""


class BodyMiddleware:
    """Reads the body of a request before it calls the application; a request without one passes at once.

    After the body the application receives from the server itself, so that it learns when the client leaves. The body
    of a request without the key is not read: the Api gets an empty one, and refuses it as it would have.

    Args:
        app: Serve's proxy.
        figures: Limits of bodies.
        waiting: All bodies.
    """

    def __init__(self, app: ASGIApp, figures: PublishedFigures, waiting: Waiting | None = None) -> None:
        self._app = app
        self._figures = figures
        self._waiting = waiting or Waiting()
        self._turns = asyncio.Lock()
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        declared = _declared_size(scope)
        if declared == 0:
            await self._app(scope, receive, send)
            return
        try:
            figures = await self._figures_for(scope, declared)
            if figures is None:
                await self._app(scope, _without_body(receive), send)
                return
            with self._waiting.place(figures) as place:
                pieces = await self._read(scope, receive, place)
                self._waiting.arrived(place)
                replay = _Replay(pieces, receive, self._turns)
                try:
                    await self._app(scope, replay, send)
                finally:
                    replay.end_turn()
        except ApiError as error:
            await refuse(error, scope, receive, send)
        except ClientGone:
            return

    async def _figures_for(self, scope: Scope, declared: int | None) -> Figures | None:
        """Return the limits of a body; None if the key is missing or wrong."""
        authorization = authorization_of(scope)
        figures = self._figures.current()
        fits = declared is not None and declared <= figures.largest(scope["method"], scope["path"])
        if fits and figures.admit(authorization):
            return figures
        # The limit or the key may have changed a moment ago; a body without a size may still grow beyond the limit.
        figures = await self._figures.fresh()
        return figures if figures.admit(authorization) else None

    async def _read(self, scope: Scope, receive: Receive, place: Place) -> list[bytes]:
        figures = place.figures
        limit = figures.largest(scope["method"], scope["path"])
        pieces: list[bytes] | None = None
        with place.scope, self._slowly(receive) as slow:
            pieces = await read_pieces(slow, scope["headers"], limit=limit, deadlines=figures, room=place)
        if pieces is None or place.evicted:
            raise overloaded("it needs room, and nothing of this body had come for a while", SOON_S, close=True)
        return pieces

    @contextmanager
    def _slowly(self, receive: Receive) -> Iterator[Receive]:
        """Give what receives a body, a large one with pauses: sixteen at full speed are all that the loop would do."""
        size = 0

        async def slow() -> Message:
            nonlocal size
            message = await receive()
            before, size = size, size + len(message.get("body", b""))
            if size > _SMALL_BYTES:
                self._large += before <= _SMALL_BYTES
                await asyncio.sleep(_BREATH_S * self._large)
            return message

        try:
            yield slow
        finally:
            self._large -= size > _SMALL_BYTES


def _declared_size(scope: Scope) -> int | None:
    """Return the size of the body that the headers announce; None if it is chunked."""
    if scope["type"] != "http":
        return 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            # The server's parser has checked it, but lets any number of zeros through, which Python does not convert.
            return int(value.lstrip(b"0")[:20] or b"0") if value.isdigit() else None
    return 0


class _Replay:
    """Hands over a body that is there, then goes on with the connection.

    Large bodies go one after the other. So one of sixteen does not wait for the rest of the others, and small requests
    get their turn in between.
    """

    def __init__(self, pieces: list[bytes], receive: Receive, turns: asyncio.Lock) -> None:
        self._left = list(reversed(pieces or [b""]))
        self._large = len(pieces) > 1
        self._receive = receive
        self._turns = turns
        self._handed = 0
        self._has_turn = False

    async def __call__(self) -> Message:
        """Return the next message."""
        if not self._left:
            return await self._receive()
        if self._large:
            if not self._handed:
                await self._begin_turn()
            if self._handed >= _PIECES_AT_ONCE:
                await asyncio.sleep(_PAUSE_S)
        piece = self._left.pop()
        self._handed += 1
        if not self._left:
            self.end_turn()
        return {"type": "http.request", "body": piece, "more_body": bool(self._left)}

    def end_turn(self) -> None:
        """Let the next body begin."""
        if self._has_turn:
            self._has_turn = False
            self._turns.release()

    async def _begin_turn(self) -> None:
        with anyio.move_on_after(_TURN_S):
            self._has_turn = await self._turns.acquire()


def _without_body(receive: Receive) -> Receive:
    """Give an empty body. What comes of the real one is dropped, here and, after the answer, by the server."""
    first = True

    async def nothing() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return nothing
