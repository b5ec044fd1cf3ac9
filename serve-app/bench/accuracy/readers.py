"""What reads the pages: this repository's CPU engine, Tesseract, any OpenAI endpoint; or what was read before."""

import asyncio
import base64
import shutil
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import openai

from bench.accuracy.pages import Page
from ocr_app.engine.formats import sniff
from ocr_app.engine.registry import create_engine
from ocr_app.engine.types import Delta, EngineRequest, ImagePart, Message, TextPart
from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION
from ocr_app.settings import Settings


class ReadError(Exception):
    """A page could not be read; says why."""


class Reader(Protocol):
    """Reads pages.

    Attributes:
        name: For the tables.
    """

    name: str

    async def start(self) -> None:
        """Get ready; not part of the time that a page takes."""

    async def read(self, page: Page) -> str:
        """Return the Markdown of a page; raises ReadError."""

    async def close(self) -> None:
        """Free what `start` took."""


class Cpu:
    """This repository's CPU engine, in this process."""

    name = "cpu"

    def __init__(self) -> None:
        self._engine = create_engine(Settings(engine="cpu"), lambda _: None)

    async def start(self) -> None:
        """Load the models."""
        await self._engine.start()

    async def read(self, page: Page) -> str:
        """Return the Markdown of a page."""
        parts = (ImagePart(0, "messages[0].content[0].image_url.url"), TextPart(DEFAULT_INSTRUCTION))
        request = EngineRequest("chatcmpl-bench", (Message("user", parts),), (page.image,))
        return "".join([event.text async for event in self._engine.generate(request) if isinstance(event, Delta)])

    async def close(self) -> None:
        """End the engine's processes."""
        await self._engine.close()


class Tesseract:
    """The program `tesseract`, English, where it is installed."""

    name = "tesseract"

    @staticmethod
    def installed() -> bool:
        """Whether the program is there."""
        return shutil.which("tesseract") is not None

    async def start(self) -> None:
        """Nothing to do: it loads its models for each page."""

    async def read(self, page: Page) -> str:
        """Return the plain text of a page."""
        process = await asyncio.create_subprocess_exec(
            "tesseract",
            "stdin",
            "stdout",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        text, errors = await process.communicate(page.image)
        if process.returncode:
            raise ReadError(errors.decode(errors="replace").strip()[-200:])
        return text.decode(errors="replace")

    async def close(self) -> None:
        """Nothing to do."""


class Earlier:
    """What was read before, by whatever: a folder of texts as `--texts` writes it, or of olmOCR-bench.

    Args:
        folder: Its name is the reader's.
    """

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._folder = folder

    async def start(self) -> None:
        """Nothing to do."""

    async def read(self, page: Page) -> str:
        """Return the text of the page's file."""
        try:
            return (self._folder / page.text_file).read_text("utf-8")
        except OSError as error:
            raise ReadError(f"there is no {self._folder / page.text_file}") from error

    async def close(self) -> None:
        """Nothing to do."""


class Endpoint:
    """A model behind the OpenAI API.

    Args:
        url: Of the API; `/v1` is added where there is no path.
        model: Its name there, which is the reader's name too.
        key: For the API; sent, and never shown.
        prompt: Besides the image.
    """

    def __init__(self, url: str, model: str, key: str, prompt: str = DEFAULT_INSTRUCTION) -> None:
        base = url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/v1"
        self.name = model
        self._prompt = prompt
        self._client = openai.AsyncOpenAI(base_url=base, api_key=key, timeout=1_200)

    async def start(self) -> None:
        """Nothing to do."""

    async def read(self, page: Page) -> str:
        """Return the model's answer."""
        uri = f"data:image/{sniff(page.image)};base64,{base64.b64encode(page.image).decode()}"
        try:
            answer = await self._client.chat.completions.create(
                model=self.name,
                temperature=0.0,
                max_tokens=8_192,
                messages=[
                    {
                        "role": "user",
                        "content": [
                            {"type": "image_url", "image_url": {"url": uri}},
                            {"type": "text", "text": self._prompt},
                        ],
                    }
                ],
            )
        except openai.OpenAIError as error:
            raise ReadError(str(error)[:300]) from error
        return answer.choices[0].message.content or ""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
