"""Request bodies that are made to cost time or memory, by name.

`HOSTILE_BODIES[name](size)` returns a body of at most `size` bytes (2,000 or more), and close to it for large sizes.
`MARK` stands for the client's own text in some of them, so that a test can count how much of it comes back in an
error.
"""

import base64
import io
from collections.abc import Callable

from PIL import Image

MARK = "ξ"
"""Stands for the client's own text; no message of the service has it."""

_HEAD = b'{"model":"deepseek-ocr"'


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(buffer, "PNG")
    return buffer.getvalue()


_PNG = _png()
_IMAGE = b'{"type":"image_url","image_url":{"url":"data:image/png;base64,' + base64.b64encode(_PNG) + b'"}}'
_CHAT = _HEAD + b',"messages":[{"role":"user","content":[' + _IMAGE + b"]}]"
"""A good request, but for its closing brace."""


def _filled(head: bytes, unit: bytes, tail: bytes, size: int) -> bytes:
    """`head`, as many whole copies of `unit` as fit, and `tail`; a comma that ends the last copy is left out."""
    copies = (size - len(head) - len(tail)) // len(unit)
    return head + (unit * copies).removesuffix(b",") + tail


def _list(head: bytes, item: bytes, tail: bytes) -> Callable[[int], bytes]:
    """A list, whose opening bracket `head` ends in, of as many items as fit."""
    return lambda size: _filled(head, item + b",", tail, size)


def _field(unit: bytes, before: bytes = b"", after: bytes = b"") -> Callable[[int], bytes]:
    """A good request with an unknown field `x`."""
    return lambda size: _filled(_CHAT + b',"x":' + before, unit, after + b"}", size)


def _text(unit: bytes, before: bytes = b"", after: bytes = b"") -> Callable[[int], bytes]:
    """A good request but for a text of that many units."""
    head = _HEAD + b',"messages":[{"role":"user","content":[' + _IMAGE + b',{"type":"text","text":"' + before
    return lambda size: _filled(head, unit, after + b'"}]}]}', size)


def _picture(unit: bytes, before: bytes = b"", after: bytes = b"") -> Callable[[int], bytes]:
    """A request whose image has that many units of Base64."""
    head = _HEAD + b',"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"'
    return lambda size: _filled(head + before, unit, after + b'"}}]}]}', size)


_DATA = b"data:image/png;base64,"
_MARK = MARK.encode()


def _numbered_keys(size: int) -> bytes:
    keys: list[bytes] = []
    left = size - len(_CHAT) - 2
    while True:
        key = b',"k%d":0' % len(keys)
        left -= len(key)
        if left < 0:
            return _CHAT + b"".join(keys) + b"}"
        keys.append(key)


def _deep_under_long_keys(size: int) -> bytes:
    """A number that JSON has no form for, below 100 keys that share the size."""
    key = _MARK * ((size - len(_CHAT) - 1_000) // 200)
    return _CHAT + b',"x":' + (b'{"' + key + b'":') * 100 + b"1e999" + b"}" * 100 + b"}"


def _wide_under_a_long_key(size: int) -> bytes:
    """Half of it a key, half the numbers below that key, the last of them infinite."""
    half = (size - len(_CHAT) - 100) // 2
    return _CHAT + b',"x":{"' + _MARK * (half // 2) + b'":[' + b"1," * (half // 2) + b"1e999]}}"


def _nested(opening: bytes, closing: bytes) -> Callable[[int], bytes]:
    def build(size: int) -> bytes:
        depth = (size - len(_CHAT) - 7) // (len(opening) + len(closing))
        return _CHAT + b',"x":' + opening * depth + b"0" + closing * depth + b"}"

    return build


def _many_pictures(size: int) -> bytes:
    return _list(_HEAD + b',"messages":[{"role":"user","content":[', _IMAGE, b"]}]}")(size)


HOSTILE_BODIES: dict[str, Callable[[int], bytes]] = {
    # Many values, most of them wrong.
    "empty_lists_as_messages": _list(_HEAD + b',"messages":[', b"[]", b"]}"),
    "numbers_as_messages": _list(_HEAD + b',"messages":[', b"0", b"]}"),
    "empty_objects_as_messages": _list(_HEAD + b',"messages":[', b"{}", b"]}"),
    "messages_of_a_bad_role": _list(_HEAD + b',"messages":[', b'{"role":"bad"}', b"]}"),
    "messages_of_many_bad_parts": _list(_HEAD + b',"messages":[{"role":"user","content":[', b"{}", b"]}]}"),
    "good_messages": _list(_CHAT[:-1] + b",", b'{"role":"user","content":""}', b"]}"),
    "good_parts": _list(_CHAT[:-3] + b",", b'{"type":"text","text":""}', b"]}]}"),
    "good_pictures": _many_pictures,
    "numbers_in_an_unknown_field": _field(b"0,", b"[", b"]"),
    "objects_in_an_unknown_field": _field(b'{"a":{}},', b"[", b"]"),
    "lists_in_an_unknown_field": _field(b"[[]],", b"[", b"]"),
    "floats_in_an_unknown_field": _field(b"1.5e300,", b"[", b"]"),
    "unknown_fields": _numbered_keys,
    "unknown_fields_of_a_message": _list(_HEAD + b',"messages":[{"role":"user","content":"",', b'"a":[]', b"}]}"),
    "one_key_many_times": lambda size: _filled(_CHAT, b',"a":0', b"}", size),
    "stops": lambda size: _filled(_CHAT + b',"stop":[', b'"a",', b"]}", size),
    "token_ids": lambda size: _filled(_CHAT + b',"vllm_xargs":{"whitelist_token_ids":[', b"1,", b"]}}", size),
    "xargs": lambda size: _filled(_CHAT + b',"vllm_xargs":{"x":[1', b",1", b",{}]}}", size),
    "logit_bias": lambda size: _filled(_CHAT + b',"logit_bias":{', b'"1":1,', b"}}", size),
    # Depth.
    "nested_lists": _nested(b"[", b"]"),
    "nested_objects": _nested(b'{"":', b"}"),
    "open_lists": lambda size: _filled(_CHAT + b',"x":', b"[", b"", size),
    "a_bad_number_under_long_keys": _deep_under_long_keys,
    "many_numbers_under_a_long_key": _wide_under_a_long_key,
    # Numbers.
    "a_long_integer": _field(b"9"),
    "a_long_fraction": _field(b"9", b"0."),
    "a_long_exponent": _field(b"9", b"1e"),
    "a_long_seed": lambda size: _filled(_CHAT + b',"seed":', b"9", b"}", size),
    # Text where a word belongs.
    "a_long_model": lambda size: _filled(b'{"messages":[{"role":"user","content":"x"}],"model":"', _MARK, b'"}', size),
    "a_long_role": lambda size: _filled(_HEAD + b',"messages":[{"content":"x","role":"', _MARK, b'"}]}', size),
    "a_long_part_type": lambda size: _filled(
        _HEAD + b',"messages":[{"role":"user","content":[{"type":"', _MARK, b'"}]}]}', size
    ),
    "a_long_url": _picture(_MARK),
    "a_long_scheme": _picture(_MARK, b"", b":x"),
    "a_long_media_type": _picture(_MARK, b"data:", b",AAAA"),
    "a_long_user": lambda size: _filled(_CHAT + b',"user":"', _MARK, b'"}', size),
    "a_long_stop": lambda size: _filled(_CHAT + b',"stop":"', _MARK, b'"}', size),
    "a_long_key": lambda size: _filled(_CHAT + b',"', _MARK, b'":1e999}', size),
    "a_long_xargs_key": lambda size: _filled(_CHAT + b',"vllm_xargs":{"', _MARK, b'":{}}}', size),
    "a_long_xargs_value": lambda size: _filled(_CHAT + b',"vllm_xargs":{"x":{"', _MARK, b'":0}}}', size),
    "a_long_ocr_key": lambda size: _filled(_CHAT + b',"ocr":{"', _MARK, b'":0}}', size),
    "a_long_ocr_output": lambda size: _filled(_CHAT + b',"ocr":{"output":"', _MARK, b'"}}', size),
    "a_long_response_format": lambda size: _filled(_CHAT + b',"response_format":{"type":"', _MARK, b'"}}', size),
    "many_wrong_fields": lambda size: (
        _CHAT
        + b"".join(
            b',"%s":"%s"' % (name, _MARK * ((size - 1_000) // 16))
            for name in (b"stream", b"max_tokens", b"temperature", b"top_p", b"n", b"seed", b"stop", b"stream_options")
        )
        + b"}"
    ),
    # Long texts.
    "escapes": _text(b"\\u0041"),
    "escaped_quotes": _text(b'\\"'),
    "backslashes": _text(b"\\\\"),
    "control_characters": _text(b"\\u0000"),
    "one_emoji": _text(b"a", "😀".encode()),
    "one_escaped_emoji": _text(b"a", b"\\ud83d\\ude00"),
    "emoji": _text("😀".encode()),
    "commas": _text(b","),
    "dots": _text(b".", b"locate x"),
    "text_in_an_unknown_field": _field(b"a", '"😀'.encode(), b'"'),
    # Not JSON.
    "zeros": lambda size: b"\0" * size,
    "spaces": lambda size: b" " * size,
    "spaces_in_json": _field(b" ", b"[", b"]"),
    "quotes": lambda size: b'"' * size,
    "commas_alone": lambda size: b"," * size,
    "not_utf8_at_the_end": _text(b"a", b"", b"\xff"),
    "open_string": _text(b"a", b"", b"\\"),
    "cut_off": lambda size: _text(b"a")(size)[:-4],
    # Images.
    "a_large_image": _picture(b"A", _DATA + base64.b64encode(_PNG[: len(_PNG) // 3 * 3])),
    "a_large_image_with_escapes": _picture(b"\\u002B", _DATA),
    "a_large_image_with_escaped_slashes": _picture(b"\\/", _DATA),
    "a_large_image_with_line_breaks": _picture(b"A" * 76 + b"\\n", _DATA),
    "a_large_image_that_is_not_base64_at_its_end": _picture(b"AAAA", _DATA, b"@"),
    "a_large_url_safe_image": _picture(b"AA-_", _DATA),
    "a_large_image_with_an_emoji": _picture(b"AAAA", _DATA + '\\"😀'.encode()),
    "padding": _picture(b"=", _DATA),
    "a_large_image_in_an_unknown_field": _field(b"AAAA", b'"' + _DATA, b'"'),
    "a_large_image_as_text": _text(b"AAAA", _DATA),
    "a_large_image_as_key": lambda size: _filled(_CHAT + b',"' + _DATA, b"AAAA", b'":0}', size),
    "many_starts_of_images": _field(b'"data:,",', b"[", b"]"),
    "many_escaped_starts_of_images": _text(b'\\"data:,'),
    "starts_of_images_alone": lambda size: b'"data:,' * (size // 7),
}
"""Builders of bodies; each takes the wanted size in bytes."""
