"""The OpenAPI document against the app itself, by schemathesis."""

from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from ocr_app.api.azure.operations import Operations
from ocr_app.api.azure.paths import ANALYZE, RESULTS
from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.factory import create_app
from ocr_app.api.files.door import Files
from ocr_app.settings import Settings
from tests.api.support import FakeEngine

READING = (
    "/v1/chat/completions",
    "/v1/ocr",
    "/process",
    ANALYZE,
    RESULTS + "/{result_id}",
    RESULTS + "/{result_id}/pdf",
)
FILES = (
    "/v1/files",
    "/v1/files/{file_id}",
    "/v1/files/{file_id}/content",
    "/v1/files/{file_id}/pages/{name}",
    "/v1/files/{file_id}/url",
)

app = create_app(Settings(engine="null"), LocalEngineClient(FakeEngine()))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.fixture(scope="module", autouse=True)
def _files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder for files, without which their paths would only say that they have none."""
    files = Files(Settings().files, tmp_path_factory.mktemp("files"))
    app.state.service = replace(app.state.service, files=files, operations=Operations(files))


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_app_does_as_it_says(case: Any) -> None:
    case.call_and_validate(
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_headers_conformance,
            response_schema_conformance,
            unsupported_method,
        ]
    )


def test_every_route_is_described() -> None:
    paths = schema.raw_schema["paths"]
    assert set(paths) == {*READING, "/v1/models", "/v1/models/{model_id}", "/health", "/metrics", *FILES}
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["summary"], path
            assert "422" not in operation["responses"], path


@pytest.mark.parametrize("status", ["400", "401", "404", "413", "415", "429", "500", "503", "504"])
def test_errors_of_chat_are_described(status: str) -> None:
    responses = schema.raw_schema["paths"]["/v1/chat/completions"]["post"]["responses"]
    assert responses[status]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
