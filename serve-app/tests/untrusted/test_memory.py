"""Files that two processes share."""

import os
import sys

import pytest

from ocr_app.untrusted.memory import File, Sealed

DATA = b"a document" * 1_000


@pytest.mark.skipif(sys.platform != "linux", reason="seals are Linux's")
def test_a_sealed_file_cannot_be_changed() -> None:
    sealed = Sealed(DATA)
    try:
        for change in (
            lambda: os.pwrite(sealed.fd, b"x", 0),
            lambda: os.ftruncate(sealed.fd, 1),
            lambda: os.ftruncate(sealed.fd, 10**6),
        ):
            with pytest.raises(PermissionError):
                change()
        assert File(sealed.fd).read() == DATA
    finally:
        sealed.close()


def test_a_file_is_known_again_and_stays_mapped() -> None:
    sealed, other = Sealed(DATA), Sealed(DATA)
    try:
        copy = os.dup(sealed.fd)
        assert File(copy).key == File(sealed.fd).key != File(other.fd).key
        os.close(copy)
        mapped = File(sealed.fd).map()
    finally:
        for each in (sealed, other, sealed):
            each.close()
    assert mapped[:] == DATA
    mapped.close()
