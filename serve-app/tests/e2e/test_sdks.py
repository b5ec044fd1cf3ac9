"""The clients that people have, unchanged, pointed at this service: Ray Serve with the CPU engine."""

import base64

import pypdfium2
from azure.ai.documentintelligence import DocumentIntelligenceClient
from azure.ai.documentintelligence.models import AnalyzeDocumentRequest, AnalyzeOutputOption, DocumentContentFormat
from azure.core.credentials import AzureKeyCredential
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from mistralai.client import Mistral
from pydantic import SecretStr

from tests.e2e.scan import WORDS
from tests.e2e.service import AppUnderTest


def test_mistrals_reads_an_uploaded_file_by_its_signed_url(reading: AppUnderTest, scan: bytes) -> None:
    with Mistral(api_key="none", server_url=reading.url) as client:
        file = client.files.upload(file={"file_name": "scan.pdf", "content": scan}, purpose="ocr")
        url = client.files.get_signed_url(file_id=file.id, expiry=1).url
        answer = client.ocr.process(
            model="mistral-ocr-latest",
            document={"type": "document_url", "document_url": url},
            pages=[1],
            include_blocks=True,
            include_image_base64=False,
        )
        assert client.files.delete(file_id=file.id).deleted
    (page,) = answer.pages
    assert page.index == 1
    assert WORDS in page.markdown
    assert page.dimensions
    assert page.blocks
    assert answer.usage_info.pages_processed == 1


def test_azures_reads_a_scan_and_gets_a_searchable_pdf_as_paperless_does(reading: AppUnderTest, scan: bytes) -> None:
    where: list[str] = []
    client = DocumentIntelligenceClient(endpoint=reading.url, credential=AzureKeyCredential("none"))
    poller = client.begin_analyze_document(
        model_id="prebuilt-read",
        body=AnalyzeDocumentRequest(bytes_source=scan),
        output_content_format=DocumentContentFormat.TEXT,
        output=[AnalyzeOutputOption.PDF],
        raw_response_hook=lambda found: where.append(found.http_response.headers.get("Operation-Location", "")),
    )
    result = poller.result()
    assert result.content.split("\n") == [WORDS, WORDS]
    assert [page.page_number for page in result.pages] == [1, 2]
    # `poller.details` has it only where the service is at the root of its host.
    result_id = where[0].rpartition("/")[2].partition("?")[0]
    pdf = b"".join(client.get_analyze_result_pdf(model_id="prebuilt-read", result_id=result_id))
    document = pypdfium2.PdfDocument(pdf)
    assert all(WORDS in page.get_textpage().get_text_bounded() for page in document)
    document.close()


def test_langchains_reads_a_pdf_as_it_writes_one(reading: AppUnderTest, scan: bytes) -> None:
    model = ChatOpenAI(base_url=f"{reading.url}/v1", api_key=SecretStr("none"), model="deepseek-ocr", temperature=0)
    pdf = base64.b64encode(scan).decode()
    file = {"type": "file", "base64": pdf, "mime_type": "application/pdf"}
    answer = model.invoke([HumanMessage([file, {"type": "text", "text": "Convert the document to markdown."}])])
    assert str(answer.content).count(WORDS) == 2
    pieces = [str(piece.content) for piece in model.stream([HumanMessage([file])])]
    assert "".join(pieces).count(WORDS) == 2
