import numpy as np
from PIL import Image

from tools.pages.scan import faxed


def test_a_fax_is_black_and_white_with_each_line_twice() -> None:
    page = Image.new("RGB", (204, 204), "white")
    page.paste("black", (50, 50, 150, 150))
    fax = faxed(page)
    assert (fax.mode, fax.size) == ("1", (204, 196))
    dots = np.asarray(fax)
    assert (dots[::2] == dots[1::2]).all()
    assert 0.2 < (~dots).mean() < 0.28  # a quarter of the page is black
    assert 0 < (~dots[:, :40]).sum() < 50  # dust beside it
