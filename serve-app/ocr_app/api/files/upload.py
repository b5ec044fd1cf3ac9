"""`POST /v1/files`: a form becomes a file, piece by piece."""

import asyncio
from contextlib import aclosing

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from ocr_app.api.body import CLOSE, read_chunks
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.files.door import Files
from ocr_app.api.files.fields import MAX_FIELD_BYTES, UploadFields, read_fields
from ocr_app.api.files.form_headers import invalid
from ocr_app.api.files.incoming import Incoming
from ocr_app.api.files.multipart import FormParser, PartBegins, PartData, PartEnds, boundary_of
from ocr_app.api.files.names import display_name, media_type
from ocr_app.api.files.record import StoredFile
from ocr_app.api.files.store import FileStore
from ocr_app.settings import HttpSettings
from ocr_app.settings.files import FORM_BYTES

_FILE = "file"
_PIECE_BYTES = 2**20
_START_BYTES = 4_096


async def receive_file(
    files: Files, http: HttpSettings, scope: Scope, receive: Receive
) -> tuple[StoredFile, UploadFields]:
    """Read a form and keep its file. Of the file, about 1 MiB is in memory at a time.

    Raises:
        ApiError: 400 for a broken form, 408 past a deadline, 413 without room, 415 if it is no form, 501 if this
            service keeps no files, 507 if the disk is full. Nothing of the upload is left then.
        ClientGone: The client closed the connection before the end.
    """
    try:
        form = await _read(files, http, scope, receive)
    except ApiError as error:
        # The rest of the body stays unread.
        error.headers = {**error.headers, **CLOSE}
        raise
    try:
        asked = read_fields(form.fields, files.settings)
        record = form.record(asked, int(files.now()))
        await asyncio.to_thread(form.incoming.finish, record)
    finally:
        await _discard(form.incoming)
    return record, asked


async def _read(files: Files, http: HttpSettings, scope: Scope, receive: Receive) -> "_Form":
    store = files.store
    headers = Headers(scope=scope)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        message = f"An upload cannot have a Content-Encoding ({quote(encoding, 40)}); send the form as it is."
        raise ApiError(415, message, code="unsupported_encoding")
    parser = FormParser(boundary_of(headers.get("content-type", "")))
    limit = files.settings.max_file_bytes + FORM_BYTES
    incoming = await _begin(store)
    try:
        form = _Form(incoming)
        async with aclosing(read_chunks(receive, scope["headers"], limit=limit, deadlines=http)) as chunks:
            async for chunk, _more in chunks:
                for event in parser.feed(chunk):
                    form.take(event)
                await form.write(_PIECE_BYTES)
        parser.end()
        await form.write(0)
    except BaseException:
        await _discard(incoming)
        raise
    return form


async def _begin(store: FileStore) -> Incoming:
    beginning = asyncio.ensure_future(asyncio.to_thread(store.begin))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        # The thread goes on, and what it makes would count for ever.
        beginning.add_done_callback(lambda done: None if done.exception() else done.result().discard())
        raise


async def _discard(incoming: Incoming) -> None:
    """Remove what is not finished, also when the request is cancelled meanwhile."""
    await asyncio.shield(asyncio.to_thread(incoming.discard))


class _Form:
    """Takes a form's events: the file to the disk, the fields to memory.

    Attributes:
        fields: By name.
        incoming: Where the file goes.
    """

    def __init__(self, incoming: Incoming) -> None:
        self.fields: dict[str, str] = {}
        self.incoming = incoming
        self._part: PartBegins | None = None
        self._file: PartBegins | None = None
        self._value = bytearray()
        self._waiting: list[bytes] = []
        self._start = b""

    def take(self, event: PartBegins | PartData | PartEnds) -> None:
        """Take the next event; raise ApiError 400 for what an upload does not have."""
        if isinstance(event, PartBegins):
            self._begin(event)
        elif isinstance(event, PartEnds):
            self._end()
        elif self._part is self._file:
            self._waiting.append(event.data)
            if len(self._start) < _START_BYTES:
                self._start += event.data[:_START_BYTES]
        else:
            self._value += event.data
            if len(self._value) > MAX_FIELD_BYTES:
                name = self._part.name if self._part else ""
                raise invalid(f"the field {name!r} has more than {MAX_FIELD_BYTES:,} bytes", param=name)

    async def write(self, least: int) -> None:
        """Write what has gathered of the file, if it is so much."""
        if self._waiting and sum(map(len, self._waiting)) >= least:
            data = b"".join(self._waiting)
            self._waiting.clear()
            await asyncio.to_thread(self.incoming.write, data)

    def record(self, asked: UploadFields, now: int) -> StoredFile:
        """Return what is known of the complete file; raise ApiError 400 if there is none."""
        if self._file is None:
            raise ApiError(400, "The form has no field `file`.", param=_FILE, code="missing_required_parameter")
        if not self.incoming.size:
            raise ApiError(400, "The file is empty.", param=_FILE, code="empty_file")
        return StoredFile(
            id=self.incoming.id,
            filename=display_name(self._file.filename),
            purpose=asked.purpose,
            mimetype=media_type(self._start, self._file.content_type),
            size=self.incoming.size,
            created_at=now,
            expires_at=now + asked.lifetime_s,
        )

    def _begin(self, part: PartBegins) -> None:
        self._part = part
        if part.name == _FILE:
            if self._file is not None:
                raise invalid("it has more than one field `file`; upload one file at a time", param=_FILE)
            self._file = part
        elif part.name in self.fields:
            raise invalid(f"it has the field {part.name!r} twice", param=part.name)

    def _end(self) -> None:
        if self._part is not None and self._part is not self._file:
            try:
                self.fields[self._part.name] = self._value.decode()
            except UnicodeDecodeError:
                raise invalid(f"the field {self._part.name!r} is not UTF-8", param=self._part.name) from None
        self._value.clear()
        self._part = None
