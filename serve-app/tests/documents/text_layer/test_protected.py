import contextlib
import io
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions

from ocr_app.documents.text_layer.types import PageDone
from ocr_app.engine.types import RequestError
from tests.documents.text_layer.support import layered, outcomes, page, pdf_of, saved, text_of

ENCRYPTIONS: dict[str, dict[str, Any]] = {
    "RC4, 40 bits": {"R": 2, "aes": False, "metadata": False},
    "RC4, 128 bits": {"R": 3, "aes": False, "metadata": False},
    "AES, 128 bits": {"R": 4},
    "AES, 256 bits": {"R": 6},
}


def encrypted(how: dict[str, Any], user: str, owner: str) -> bytes:
    pdf = pdf_of(b"0 g 10 10 50 50 re f")
    pdf.Root.Hex = pdf.make_stream(b"616263>", Filter=Name.ASCIIHexDecode)
    return saved(pdf, encryption=Encryption(user=user, owner=owner, **how), compress_streams=False)


def code_of(data: bytes, **how: Any) -> tuple[str | None, str]:
    with pytest.raises(RequestError) as caught:
        layered(data, page(0, "text"), **how)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize("how", ENCRYPTIONS)
@pytest.mark.parametrize("password", ["user", "owner"])
def test_an_encrypted_file_opens_with_its_password_and_stays_encrypted(how: str, password: str) -> None:
    data = encrypted(ENCRYPTIONS[how], "user", "owner")
    result, done = layered(data, page(0, "secret words"), password=password)
    with pikepdf.open(io.BytesIO(result), password=password) as after:
        assert after.Root.Hex.read_raw_bytes() == b"616263>"
    assert outcomes(done) == ["added"]
    for each in ("user", "owner"):
        assert text_of(result, password=each) == "secret words"
    with pytest.raises(pdfium.PdfiumError):
        text_of(result)
    assert b"secret" not in result


@pytest.mark.parametrize("how", ENCRYPTIONS)
def test_without_its_password_it_is_refused(how: str) -> None:
    data = encrypted(ENCRYPTIONS[how], "user", "owner")
    assert code_of(data) == ("encrypted_pdf", "The PDF is encrypted: send its password.")
    assert code_of(data, password="guess") == ("encrypted_pdf", "The password does not open the PDF.")


def test_a_file_that_only_its_owner_may_change_keeps_its_permissions() -> None:
    allow = Permissions(extract=False, modify_other=False)
    data = saved(pdf_of(b""), encryption=Encryption(user="", owner="owner", allow=allow))
    result, done = layered(data, page(0, "text"))
    assert outcomes(done) == ["added"]
    assert text_of(result) == "text"
    with pikepdf.open(io.BytesIO(result)) as after:
        assert after.is_encrypted
        assert (after.allow.extract, after.allow.modify_other, after.allow.print_highres) == (False, False, True)


def signature_field(pdf: Pdf, signed: bool) -> pikepdf.Object:
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T="Signature"))
    if signed:
        field.V = pdf.make_indirect(Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite")))
    return field


def with_form(kind: str) -> bytes:
    pdf = pdf_of(b"")
    if kind == "certified":
        pdf.Root.Perms = Dictionary(DocMDP=pdf.make_indirect(Dictionary(Type=Name.Sig)))
        return saved(pdf)
    field = signature_field(pdf, signed=kind != "not signed yet")
    if kind == "field within a field":
        del field["/FT"]
        field = pdf.make_indirect(Dictionary(T="Group", FT=Name.Sig, Kids=Array([field])))
    if kind == "circle":
        inner = pdf.make_indirect(Dictionary(T="Circle"))
        inner.Kids = Array([inner, field])
        field = inner
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    return saved(pdf)


@pytest.mark.parametrize("kind", ["signed", "field within a field", "circle", "certified"])
def test_signed_files_are_refused_unless_forced(kind: str) -> None:
    data = with_form(kind)
    code, message = code_of(data)
    assert code == "signed_pdf"
    assert "`force`" in message
    result, done = layered(data, page(0, "text"), force=True)
    assert outcomes(done) == ["added"]
    assert text_of(result) == "text"


def test_a_place_for_a_signature_is_none() -> None:
    assert outcomes(layered(with_form("not signed yet"), page(0, "text"))[1]) == ["added"]


def test_damaged_files_are_repaired() -> None:
    data = saved(pdf_of(b"0 g 10 10 50 50 re f", b""), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = data.rindex(b"xref", 0, data.rindex(b"startxref"))
    damaged = {
        "no table": data[:start],
        "wrong offsets": data.replace(b"0000000", b"0000001"),
        "junk before": b"HTTP/1.1 200 OK\r\n\r\n" + data,
        "junk behind": data + bytes(2_000),
    }
    for kind, file in damaged.items():
        result, done = layered(file, page(1, "text"))
        assert outcomes(done) == ["added"], kind
        assert text_of(result, 1) == "text", kind


def test_a_file_cut_off_anywhere_is_repaired_or_refused() -> None:
    data = saved(pdf_of(*[b"0 g 10 10 50 50 re f"] * 3))
    repaired = 0
    for tenth in range(10):
        cut = data[: len(data) * tenth // 10]
        result, done = b"", list[PageDone]()
        with contextlib.suppress(RequestError):
            result, done = layered(cut, page(0, "text"))
        if done:
            repaired += 1
            assert outcomes(done) == ["added"]
            assert text_of(result) == "text"
    assert repaired >= 5


@pytest.mark.parametrize(
    "data", [b"", b"no PDF at all", b"%PDF-1.7 and nothing more", b"\x89PNG\r\n\x1a\n" + bytes(100)]
)
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    code, message = code_of(data)
    assert code == "invalid_pdf"
    assert message.startswith("The PDF cannot be read")
    assert "BytesIO" not in message


def test_a_pdf_without_pages_is_refused() -> None:
    assert code_of(saved(pikepdf.new())) == (
        "invalid_pdf",
        "The PDF cannot be read, and could not be repaired: it has no pages",
    )
