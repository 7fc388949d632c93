"""Photos: read by what their bytes are, never decoded, and bared of all that draws nothing."""

import pytest

from hub.base.kept.photos import MOST_BYTES, PhotoError, read_photo
from tests.builders.photos import jpeg

PLACE = b"\xff\xe1\x00\x08Exif\0\0" + b"\xff\xfe\x00\x08where!"


def test_a_photo_is_kept_without_where_and_by_what_it_was_taken() -> None:
    photo = read_photo(jpeg(more=PLACE, tail=b"<script>"))

    assert (photo.width, photo.height) == (640, 480)
    assert photo.content == jpeg()
    assert read_photo(photo.content).digest == photo.digest


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "photo_wrong"),
        (b"GIF89a", "photo_wrong"),
        (b"<svg onload='alert(1)'/>", "photo_wrong"),
        (b"\xff\xd8\xff\xd9", "photo_wrong"),
        (jpeg()[:-2], "photo_wrong"),
        (jpeg()[:20], "photo_wrong"),
        (jpeg(scans=0), "photo_wrong"),
        (jpeg(scans=17), "photo_wrong"),
        (jpeg(more=b"\xff\xc3\x00\x04\x00\x00"), "photo_wrong"),
        (jpeg(more=b"\xff\xe1\x00\x00"), "photo_wrong"),
        (jpeg(width=0), "photo_pixels"),
        (jpeg(width=65_535, height=65_535), "photo_pixels"),
        (jpeg(more=b"\xff\xfe\xff\xff" + bytes(65_533)) + bytes(MOST_BYTES), "photo_large"),
    ],
)
def test_what_is_no_photo_or_a_trap_is_refused_by_its_bytes(sent: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as caught:
        read_photo(sent)

    assert caught.value.code == code
