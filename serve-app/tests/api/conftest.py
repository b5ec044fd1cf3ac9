"""What several tests of the front share."""

from collections.abc import AsyncIterator

import pytest_asyncio

from ocr_app.documents.opener import Opener
from ocr_app.settings import DocumentSettings, Settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    """Opens documents for the fronts of `tests.api.documents`, whose processes all tests of a module share."""
    made = Opener(Settings(documents=DocumentSettings(page_cpu_s=1)))
    yield made
    await made.close()
