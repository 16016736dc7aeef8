"""One table of picture formats serves decoders, messages and file dialogs."""

import pytest
from PIL import Image

from quantize import load_picture
from quantize.decoding.formats import PICTURE_ENDINGS, PICTURE_FORMATS, format_named, picture_format
from tests.pictures import saved, smooth


@pytest.mark.parametrize("key", PICTURE_FORMATS)
def test_a_file_is_of_the_format_that_wrote_it(key):
    data = saved(smooth(12, 9), PICTURE_FORMATS[key].pillow)
    assert picture_format(data) == key
    assert load_picture(data).format == key


@pytest.mark.parametrize("ending", PICTURE_ENDINGS)
def test_pillow_knows_every_ending(ending):
    (format_,) = (format_ for format_ in PICTURE_FORMATS.values() if ending in format_.endings)
    assert Image.registered_extensions()[f".{ending}"] == format_.pillow


def test_other_formats_have_pillows_names():
    assert format_named("MPO") == "JPEG"
    assert format_named("XBM") == "XBM"
    assert picture_format(b"P6 1 1 255 abc") is None
