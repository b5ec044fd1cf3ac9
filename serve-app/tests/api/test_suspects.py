"""Requests under which a replica died: who is blamed, who is answered, how many replicas it costs."""

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
import pytest

from ocr_app.api import suspects
from ocr_app.api.careful_client import CarefulClient
from ocr_app.api.engine_client import EngineGone
from ocr_app.api.errors import ApiError
from ocr_app.api.suspects import MOST_REMEMBERED, REMEMBERED_FOR_S, Suspects
from ocr_app.engine.types import EngineRequest, Message, TextPart
from tests.api.replicas import Replicas
from tests.api.support import assert_error, chat, eventually, front, image_part

CHAT = "/v1/chat/completions"
QUICK = {"request_timeout_s": 1, "keep_alive_interval_s": 0.5}


def body(text: str, **fields: Any) -> dict[str, Any]:
    return chat(image_part(), {"type": "text", "text": text}, **fields)


async def post_all(http: httpx.AsyncClient, texts: list[str], **fields: Any) -> dict[str, httpx.Response]:
    answers = await asyncio.gather(*(http.post(CHAT, json=body(text, **fields)) for text in texts))
    return dict(zip(texts, answers, strict=True))


def guilty(text: str) -> bool:
    return text.startswith("guilty")


@pytest.mark.parametrize("stream", [False, True])
async def test_one_guilty_among_32_costs_two_replicas_and_nobody_else_an_answer(stream: bool) -> None:
    replicas = Replicas(guilty)
    texts = [f"page {n}" for n in range(16)] + ["guilty"] + [f"page {n}" for n in range(16, 31)]
    async with front(client=replicas) as http:
        answers = await post_all(http, texts, stream=stream)
    refused = answers.pop("guilty")
    message = assert_error(refused, 500, "engine_died_twice")
    assert "not tried again" in message
    assert refused.headers["retry-after"] == "600"
    assert refused.headers["x-should-retry"] == "false"
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all("read" in answer.text for answer in answers.values())
    assert replicas.most_at_once == 32
    assert replicas.deaths == 2
    assert len(replicas.replicas_of("guilty")) == 2


async def test_several_guilty_at_once_cost_one_replica_each_and_one_more() -> None:
    replicas = Replicas(guilty)
    texts = [text for n in range(4) for text in (f"page {n}", f"guilty {n}", f"other page {n}")]
    async with front(client=replicas) as http:
        answers = await post_all(http, texts)
    for text, answer in answers.items():
        assert answer.status_code == (500 if guilty(text) else 200), text
    assert replicas.deaths == 5
    assert {len(set(replicas.replicas_of(text))) for text in texts if guilty(text)} == {2}


async def test_suspects_run_one_at_a_time_beside_others() -> None:
    replicas = Replicas(lambda text: False, work_s=0.05)
    async with front(client=replicas) as http:
        first = asyncio.ensure_future(post_all(http, [f"page {n}" for n in range(5)]))
        await eventually(lambda: len(replicas.inside) == 5)
        replicas.kill()
        later = asyncio.ensure_future(post_all(http, [f"later {n}" for n in range(5)]))
        seen: Counter[int] = Counter()
        while not first.done():
            seen[sum(text.startswith("page") for text in replicas.inside)] += 1
            await asyncio.sleep(0.01)
        assert {answer.status_code for answer in (await first | await later).values()} == {200}
    assert set(seen) <= {0, 1}
    assert [replicas.replicas_of(f"later {n}") for n in range(5)] == [[1]] * 5
    # None waited for the suspects, which take turns.
    last = [text for _, text in replicas.given].index("page 4", 5)
    assert all(replicas.given.index((1, f"later {n}")) < last for n in range(5))


async def test_the_time_of_a_suspect_begins_with_its_turn() -> None:
    replicas = Replicas(lambda text: False, work_s=60)
    texts = ["page 1", "page 2"]
    async with front(client=replicas, queue=QUICK | {"cold_start_deadline_s": 60}) as http:
        pages = asyncio.ensure_future(post_all(http, texts))
        await eventually(lambda: len(replicas.inside) == 2)
        replicas.kill()
        answers = await asyncio.wait_for(pages, 30)
    for text, answer in answers.items():
        # Each had its turn, and its own time for it.
        assert "longer than 1 s" in assert_error(answer, 504, "timeout")
        assert replicas.replicas_of(text) == [0, 1]


async def test_a_suspect_waits_for_its_turn_as_long_as_for_a_start() -> None:
    replicas = Replicas(lambda text: False, work_s=60)
    async with front(client=replicas, queue=QUICK | {"cold_start_deadline_s": 1.2}) as http:
        pages = asyncio.ensure_future(post_all(http, [f"page {n}" for n in range(5)]))
        await eventually(lambda: len(replicas.inside) == 5)
        replicas.kill()
        answers = await asyncio.wait_for(pages, 30)
    seen = Counter(assert_error(answer, 504, "timeout") for answer in answers.values())
    assert sum(seen.values()) == 5
    # One had its turn, and perhaps another.
    assert seen["The answer took longer than 1.2 s."] >= 3


async def test_those_beside_a_guilty_suspect_are_no_suspects() -> None:
    """The death of the second replica is explained: who was in it beside the guilty one goes on at once."""
    replicas = Replicas(guilty, work_s=60)
    async with front(client=replicas) as http:
        first = asyncio.ensure_future(http.post(CHAT, json=body("guilty")))
        await eventually(lambda: len(replicas.inside) == 1)
        replicas.kill()
        await eventually(lambda: len(replicas.inside) == 1)
        pages = asyncio.ensure_future(post_all(http, [f"page {n}" for n in range(6)]))
        await eventually(lambda: len(replicas.inside) == 7)
        replicas.work_s = 1
        replicas.kill()
        await eventually(lambda: len(replicas.inside) == 6)
        assert (await first).status_code == 500
        assert {answer.status_code for answer in (await pages).values()} == {200}
    assert replicas.deaths == 2
    assert [replica for replica, text in replicas.given if text.startswith("page")] == [1] * 6 + [2] * 6


async def test_the_same_content_is_refused_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(suspects.Suspects.__init__, "__defaults__", (lambda: now,))
    replicas = Replicas(guilty)
    async with front(client=replicas) as http:
        assert_error(await http.post(CHAT, json=body("guilty")), 500, "engine_died_twice")
        now = 100.0
        for stream in (False, True):
            again = await http.post(CHAT, json=body("guilty", stream=stream))
            assert "refused for another 500 s" in assert_error(again, 500, "engine_died_twice")
            assert again.headers["retry-after"] == "500"
        assert replicas.deaths == 2
        assert (await http.post(CHAT, json=body("another page"))).status_code == 200
        now = REMEMBERED_FOR_S + 1
        replicas.kills = lambda text: False
        assert (await http.post(CHAT, json=body("guilty"))).status_code == 200


async def test_a_stream_that_died_after_text_counts_as_one_death() -> None:
    replicas = Replicas(guilty, streamed=2)
    async with front(client=replicas) as http:
        first = await http.post(CHAT, json=body("guilty", stream=True))
        again = await http.post(CHAT, json=body("guilty", stream=True))
        third = await http.post(CHAT, json=body("guilty"))
    assert first.text.count("half an ") == 2
    errors = [json.loads(answer.text.strip().split("\n\n")[-2][len("data: ") :])["error"] for answer in (first, again)]
    assert [error["code"] for error in errors] == ["engine_died", "engine_died_twice"]
    assert_error(third, 500, "engine_died_twice")
    assert replicas.deaths == 2


async def test_an_answer_clears_a_suspect() -> None:
    """Two kills from outside with an answer between them: nobody is blamed."""
    replicas = Replicas(lambda text: False, work_s=0.05)
    async with front(client=replicas) as http:
        for _ in range(4):
            page = asyncio.ensure_future(http.post(CHAT, json=body("page")))
            await eventually(lambda: len(replicas.inside) == 1)
            replicas.kill()
            assert (await page).status_code == 200
    assert replicas.deaths == 4


async def test_innocent_suspects_that_wait_lose_nothing_by_more_deaths() -> None:
    """Kills from outside: only the one that runs as a suspect both times is given up."""
    replicas = Replicas(lambda text: False, work_s=0.05)
    texts = [f"page {n}" for n in range(8)]
    async with front(client=replicas) as http:
        all_of_them = asyncio.ensure_future(post_all(http, texts))
        await eventually(lambda: len(replicas.inside) == 8)
        replicas.kill()
        await eventually(lambda: len(replicas.inside) == 1)
        replicas.kill()
        answers = await all_of_them
    assert Counter(answer.status_code for answer in answers.values()) == {200: 7, 500: 1}


async def test_a_client_that_leaves_gives_its_turn_back() -> None:
    replicas = Replicas(lambda text: False, work_s=0.2)
    async with front(client=replicas) as http:
        pages = [asyncio.ensure_future(http.post(CHAT, json=body(f"page {n}"))) for n in range(4)]
        await eventually(lambda: len(replicas.inside) == 4)
        replicas.kill()
        await eventually(lambda: len(replicas.inside) == 1)
        (running,) = replicas.inside
        pages[int(running[-1])].cancel()
        waiting = next(n for n in range(4) if f"page {n}" != running)
        pages[waiting].cancel()
        rest = [page for n, page in enumerate(pages) if n not in (int(running[-1]), waiting)]
        assert {answer.status_code for answer in await asyncio.gather(*rest)} == {200}


def page(text: str) -> EngineRequest:
    return EngineRequest(f"chatcmpl-{id(text)}", (Message("user", (TextPart(text),)),), ())


async def test_what_is_remembered_is_bounded() -> None:
    remembered = Suspects()
    client = CarefulClient(Replicas(lambda text: True, work_s=0), remembered)
    for n in range(MOST_REMEMBERED + 50):
        with pytest.raises(EngineGone):
            await client.complete(page(f"page {n}"))
    assert len(remembered._records) == MOST_REMEMBERED
    with pytest.raises(ApiError, match="Two engine replicas"):
        await client.complete(page(f"page {MOST_REMEMBERED}"))


async def test_a_death_is_remembered_as_long_as_its_request_waits() -> None:
    """A start takes up to 20 minutes: a page that kills its replica by then is not forgotten before its second try."""
    now = 0.0
    replicas = Replicas(guilty, work_s=0)
    client = CarefulClient(replicas, Suspects(lambda: now))
    with pytest.raises(EngineGone):
        await client.complete(page("guilty"))
    replicas.work_s = 60
    again = asyncio.ensure_future(client.complete(page("guilty")))
    await eventually(lambda: len(replicas.inside) == 1)
    now = 2 * REMEMBERED_FOR_S
    replicas.kill()
    with pytest.raises(ApiError, match="Two engine replicas"):
        await again
    with pytest.raises(ApiError, match="refused for another 600 s"):
        await client.complete(page("guilty"))
    now = 4 * REMEMBERED_FOR_S
    replicas.work_s = 0
    replicas.kills = lambda text: False
    await client.complete(page("guilty"))


async def test_copies_in_one_replica_without_a_name_died_once() -> None:
    """Ray does not say which replica it ended for its memory."""
    replicas = Replicas(lambda text: False, work_s=60, named=False)
    async with front(client=replicas) as http:
        copies = [asyncio.ensure_future(http.post(CHAT, json=body("page"))) for _ in range(4)]
        await eventually(lambda: len(replicas.inside) == 4)
        replicas.work_s = 0
        replicas.kill()
        assert {answer.status_code for answer in await asyncio.gather(*copies)} == {200}
        replicas.kills = guilty
        assert_error(await http.post(CHAT, json=body("guilty")), 500, "engine_died_twice")
    assert replicas.deaths == 3


async def test_copies_of_one_that_is_given_up_do_not_wait_for_their_turn() -> None:
    replicas = Replicas(guilty, work_s=60)
    texts = ["guilty", "page", "guilty"]
    async with front(client=replicas) as http:
        guilty_one, innocent, copy = (asyncio.ensure_future(http.post(CHAT, json=body(text))) for text in texts)
        await eventually(lambda: len(replicas.inside) == 3)
        replicas.kill()
        await eventually(lambda: len(replicas.inside) == 1)
        assert replicas.inside == ["guilty"]
        replicas.kill()
        for refused in (guilty_one, copy):
            assert_error(await asyncio.wait_for(refused, 30), 500, "engine_died_twice")
        assert not innocent.done()
        innocent.cancel()


async def test_without_a_death_nothing_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "_hash", None)
    async with front(client=Replicas(lambda text: False)) as http:
        assert (await http.post(CHAT, json=body("page"))).status_code == 200
