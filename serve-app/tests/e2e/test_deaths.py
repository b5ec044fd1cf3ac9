"""A request that kills its engine replica, among innocent ones, on Ray Serve."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai

from tests.api.support import chat, image_part
from tests.e2e.service import DEADLY, AppUnderTest, wait_for

CLIENTS = 16
GUILTY = 5


def ask(deadly: AppUnderTest, number: int) -> Any:
    """One OpenAI client as it comes, with its own retries."""
    client = openai.OpenAI(base_url=f"{deadly.url}/v1", api_key="none", timeout=120)
    messages: Any = chat(image_part(), {"type": "text", "text": f"page {number}"})["messages"]
    marks = {DEADLY: number == GUILTY}
    try:
        answer = client.chat.completions.create(model="deepseek-ocr", messages=messages, extra_body=marks)
    except openai.APIError as error:
        return error
    return answer.choices[0].message.content


def test_one_guilty_request_among_16_clients_costs_two_replicas_and_one_answer(deadly: AppUnderTest) -> None:
    assert httpx.post(deadly.chat, json=chat(), timeout=60).status_code == 200
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda number: ask(deadly, number), range(CLIENTS)))
    refused = answers.pop(GUILTY)
    assert [answer for answer in answers if not isinstance(answer, str)] == []
    assert {answer.split()[-1] for answer in answers} == {"word7"}
    assert isinstance(refused, openai.InternalServerError)
    assert refused.code == "engine_died_twice"
    metrics = httpx.get(f"{deadly.url}/metrics").text
    # Nobody was given to a third replica: that would be counted as one retry more.
    (retries,) = re.findall(r"^ocr_engine_retries_total (\d+)", metrics, re.MULTILINE)
    assert 1 <= int(retries) <= CLIENTS
    assert f'ocr_requests_total{{outcome="ok"}} {CLIENTS}.0' in metrics
    # On a busy machine the list of processes may miss one for a moment.
    wait_for(lambda: len(deadly.pids("Engine")) == 1, 20, "the replica that answered is there")
    (replica,) = deadly.pids("Engine")
    assert "refused for another" in str(ask(deadly, GUILTY))
    assert deadly.pids("Engine") == [replica]
