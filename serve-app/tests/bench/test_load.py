import asyncio
import subprocess
import sys

import pytest

from bench.load import Load, TimedAnswer, ask, quantile, run_load, table

CHUNKS = [
    b'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
    b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    b'data: {"choices":[{"delta":{"content":"b"}}]}\n\n',
    b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\ndata: [DONE]\n\n',
]


async def serve(chunks: list[bytes], status: bytes = b"200 OK") -> tuple[asyncio.Server, str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n")
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0.02)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_stream_is_timed_and_counted() -> None:
    server, url = await serve(CHUNKS)
    answer = await ask(url, {})
    server.close()
    assert answer.tokens == 2
    assert len(answer.arrivals) == 2
    assert answer.first > 0.015, "the empty first piece is no text"


async def test_clients_share_the_requests() -> None:
    server, url = await serve(CHUNKS)
    load = await run_load(url, lambda number: {"n": number}, clients=3, requests=7)
    server.close()
    assert (len(load.answers), load.clients) == (7, 3)
    assert load.tokens_per_s == pytest.approx(14 / load.seconds)


async def test_an_error_is_not_a_measurement() -> None:
    server, url = await serve([b'{"error":{"message":"no"}}'], b"400 Bad Request")
    with pytest.raises(RuntimeError, match="400"):
        await ask(url, {})
    server.close()


def test_figures() -> None:
    load = Load(1, 2.0, (TimedAnswer(0.0, [0.5, 0.6, 1.0], 1.0, 3), TimedAnswer(0.0, [0.1], 1.0, 1)))
    assert load.requests_per_s == 1.0
    assert load.gap(0.99) == pytest.approx(0.4)
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert table(("a", "b"), [(1, 2)]) == "| a | b |\n|---|---:|\n| 1 | 2 |\n"


def test_the_gpu_benchmark_refuses_politely_without_a_gpu() -> None:
    pytest.importorskip("psutil")
    script = (
        "import bench.gpu, sys; bench.gpu.nvidia_smi = lambda field: ''; sys.argv = ['gpu', 'base']; "
        "sys.exit(bench.gpu.main())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stderr.startswith("No GPU here")
    assert "Traceback" not in done.stderr
