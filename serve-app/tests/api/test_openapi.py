"""The OpenAPI document against the app itself, by schemathesis."""

from pathlib import Path
from tempfile import TemporaryDirectory
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

from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.factory import create_app
from ocr_app.api.files.door import Files
from ocr_app.settings import Settings
from tests.api.support import FakeEngine

FILES = ("/v1/files", "/v1/files/{file_id}", "/v1/files/{file_id}/content", "/v1/files/{file_id}/url")

folder = TemporaryDirectory(prefix="ocr-test-")  # removed when this process ends
files = Files(Settings().files, Path(folder.name))
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", create_app(Settings(engine="null"), LocalEngineClient(FakeEngine()), files=files)
)


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
    assert set(paths) == {"/v1/chat/completions", "/v1/models", "/v1/models/{model_id}", "/health", "/metrics", *FILES}
    for path, operations in paths.items():
        for operation in operations.values():
            assert operation["summary"], path
            assert "422" not in operation["responses"], path


@pytest.mark.parametrize("status", ["400", "401", "404", "413", "415", "429", "500", "503", "504"])
def test_errors_of_chat_are_described(status: str) -> None:
    responses = schema.raw_schema["paths"]["/v1/chat/completions"]["post"]["responses"]
    assert responses[status]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
