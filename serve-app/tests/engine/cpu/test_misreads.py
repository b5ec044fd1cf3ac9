import pytest

from ocr_app.engine.cpu.misreads import corrected


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("111 0ld Coach Road", "111 Old Coach Road"),
        ("(0live oil) 0 g", "(Olive oil) 0 g"),
        ("0kg 0mm 0th 0px 0x1f 10ld 0L 0 a0b 0", "0kg 0mm 0th 0px 0x1f 10ld 0L 0 a0b 0"),
        ("2019~2023 and 2014 ~ 2018", "2019–2023 and 2014 – 2018"),
        ("~2019 a~b 12~14 2019~20231", "~2019 a~b 12~14 2019~20231"),
        ("f(x) 二 2", "f(x) = 2"),
        ("二 12", "二 12"),
        ("二月 2", "二月 2"),
    ],
)
def test_characters_are_told_by_their_neighbours(text: str, right: str) -> None:
    assert corrected(text) == right
    assert len(corrected(text)) == len(text)
