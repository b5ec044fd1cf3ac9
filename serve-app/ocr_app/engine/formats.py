"""What a file is, by its first bytes."""

ACCEPTED = ("png", "jpeg", "webp", "tiff", "gif", "bmp", "heic", "avif", "jpeg 2000")
"""Formats that are read."""

_START = 1024
"""Bytes looked at."""


def sniff(data: bytes) -> str | None:
    """Return the format that a file's first bytes claim: one of `ACCEPTED`, another known one, or None."""
    for magic, offset, name in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return name
    if data[4:8] == b"ftyp":
        return _media(data)
    if data[:4] == b"PK\x03\x04":
        return _archive(data)
    if data[:1] == b"P" and data[1:2] in b"1234567" and data[2:3].isspace():
        return "pnm"
    start = data[:_START].lower()
    if b"<svg" in start:
        return "svg"
    if start.lstrip().startswith((b"<!doctype html", b"<html")):
        return "html"
    return "tga" if data[-18:-2] == b"TRUEVISION-XFILE" else None


def advice(name: str) -> str:
    """Return what to do with a file of a format that is not read."""
    if name in _DOCUMENTS:
        return "Save it as PDF."
    return "Save it as PNG or JPEG." if name not in _NO_PICTURES else ""


_DOCUMENTS = frozenset(("djvu", "docx", "xlsx", "pptx", "odf", "epub", "office", "rtf", "postscript", "html"))
_NO_PICTURES = frozenset(("zip", "gzip", "7z", "rar", "mp4", "quicktime", "avi", "matroska", "mp3", "ogg"))

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpeg"),
    (b"WEBP", 8, "webp"),
    # Before TIFF, whose beginning they share.
    (b"CR\x02", 8, "canon raw"),
    (b"II*\x00", 0, "tiff"),
    (b"MM\x00*", 0, "tiff"),
    (b"II+\x00", 0, "tiff"),
    (b"MM\x00+", 0, "tiff"),
    (b"GIF87a", 0, "gif"),
    (b"GIF89a", 0, "gif"),
    (b"BM", 0, "bmp"),
    (b"\x00\x00\x00\x0cjP  ", 0, "jpeg 2000"),
    (b"\xff\x4f\xff\x51", 0, "jpeg 2000"),
    (b"%PDF-", 0, "pdf"),
    (b"AT&TFORM", 0, "djvu"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "office"),
    (b"{\\rtf", 0, "rtf"),
    (b"%!PS", 0, "postscript"),
    (b"\xc5\xd0\xd3\xc6", 0, "postscript"),
    (b"\xff\x0a", 0, "jpeg xl"),
    (b"\x00\x00\x00\x0cJXL ", 0, "jpeg xl"),
    (b"II\xbc", 0, "jpeg xr"),
    (b"8BPS", 0, "psd"),
    (b"gimp xcf", 0, "xcf"),
    (b"\x00\x00\x01\x00", 0, "ico"),
    (b"\x97JB2\r\n\x1a\n", 0, "jbig2"),
    (b"DDS ", 0, "dds"),
    (b"v/1\x01", 0, "openexr"),
    (b"#?RADIANCE", 0, "radiance hdr"),
    (b"qoif", 0, "qoi"),
    (b"BPG\xfb", 0, "bpg"),
    (b"SIMPLE  =", 0, "fits"),
    (b"\x1f\x8b", 0, "gzip"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z"),
    (b"Rar!\x1a\x07", 0, "rar"),
    (b"AVI ", 8, "avi"),
    (b"\x1aE\xdf\xa3", 0, "matroska"),
    (b"OggS", 0, "ogg"),
    (b"ID3", 0, "mp3"),
)

_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
_AVIF = (b"avif", b"avis")


def _media(data: bytes) -> str:
    """Tell pictures from films by the brands of a box `ftyp`: its own, and those that it is compatible with."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]
    for brand in brands:
        if brand in _AVIF:
            return "avif"
        if brand in _HEIC:
            return "heic"
    if brands[0] in (b"mif1", b"msf1", b"heif"):
        return "heic"
    if brands[0] == b"crx ":
        return "canon raw"
    return "quicktime" if brands[0] == b"qt  " else "mp4"


def _archive(data: bytes) -> str:
    start = data[: 4 * _START]
    for part, name in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"), (b"epub+zip", "epub")):
        if part in start:
            return name
    if b"opendocument" in start:
        return "odf"
    # Microsoft's formats all begin with this part, and its own name may come late.
    return "office" if b"[Content_Types].xml" in start else "zip"
