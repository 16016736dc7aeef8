"""Sample pictures: some drawn by this program, the others from the files inside scikit-image's wheel.

A sample is the bytes of a picture file and is loaded just as an upload is. scikit-image itself is
not imported, which takes a second: its data are plain files beside its code. Only those that come
with the wheel are listed; it would fetch others from the network.

Source of credits: the descriptions in ``skimage.data`` 0.26.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from quantize.decoding.drawn import draw_pastels, draw_ramps, draw_shade, draw_skin
from quantize.decoding.drawn_moving import draw_ball, draw_fade, draw_pan, draw_sprite
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError


@dataclass(frozen=True)
class Sample:
    """A picture to try things on: its name on screen, whose it is, and a function to its file's bytes."""

    title: str
    credit: str
    read: Callable[[], bytes]


def load_sample(key: str) -> Picture:
    """Load one of SAMPLES or OTHERS, just as an upload of the same file would be.

    Raises
    ------
    QuantizeError
        If there is no such sample, or scikit-image is installed without its pictures.
    """
    return load_picture(find_sample(key).read())


def find_sample(key: str) -> Sample:
    """Look up one of SAMPLES or OTHERS.

    Raises
    ------
    QuantizeError
        If there is no such sample.
    """
    found = SAMPLES.get(key) or OTHERS.get(key)
    if found is None:
        raise QuantizeError(f"sample must be one of {', '.join((*SAMPLES, *OTHERS))}, got {key!r}")
    return found


def draw_shapes() -> bytes:
    """Draw the textbook's synthetic picture, 400 × 300, as a PNG.

    Blue rises to the right, green downwards, red falls to the right, each from 0 to 255 or back; on it
    a circle, a rectangle and an ellipse in colours that the gradient does not have.
    """
    width, height = 400, 300
    right = np.linspace(0, 255, width).round().astype(np.uint8)
    down = np.linspace(0, 255, height).round().astype(np.uint8)[:, None]
    shape = (height, width)
    layers = [np.broadcast_to(layer, shape) for layer in (right[::-1], down, right)]
    picture = Image.fromarray(np.stack(layers, axis=-1))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((50, 40, 150, 140), fill=(255, 255, 96))  # radius 50 in every direction
    draw.rectangle((230, 50, 350, 130), fill=(255, 255, 255))
    draw.ellipse((110, 180, 290, 260), fill=(0, 0, 0))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _read_shipped(name: str) -> bytes:
    spec = find_spec("skimage")  # finds the package without importing it
    folders = spec.submodule_search_locations if spec else None
    try:
        return (Path(next(iter(folders or ()), "")) / "data" / name).read_bytes()
    except OSError as error:
        raise QuantizeError(
            f"sample {name} must come with scikit-image, found none: pip install 'quantize-colors[app]'"
        ) from error


def _shipped(title: str, name: str, credit: str) -> Sample:
    return Sample(title, credit, partial(_read_shipped, name))


def _draw_enlarged() -> bytes:
    """Make pixel art of a sample, 72 × 48 in 24 colours, and of that what is found on the web: too large."""
    with Image.open(BytesIO(_read_shipped("chelsea.png"))) as picture:
        small = picture.convert("RGB").resize((72, 48), Image.Resampling.BOX)
    few = small.quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    file = BytesIO()
    few.resize((612, 408), Image.Resampling.NEAREST).save(file, "JPEG", quality=90)
    return file.getvalue()


SAMPLES: dict[str, Sample] = {
    "shapes": Sample("Shapes", "Drawn by this program.", draw_shapes),
    "astronaut": _shipped("Astronaut", "astronaut.png", "Eileen Collins. NASA, public domain."),
    "coffee": _shipped("Coffee", "coffee.png", "Rachel Michetti, courtesy of Pikolo Espresso Bar. CC0."),
    "cat": _shipped("Cat", "chelsea.png", "Chelsea. Stefan van der Walt, CC0."),
    "rocket": _shipped("Rocket", "rocket.jpg", "Launch of DSCOVR on Falcon 9. SpaceX, public domain."),
    "galaxies": _shipped("Galaxies", "hubble_deep_field.jpg", "Hubble Telescope. NASA, public domain."),
    "tissue": _shipped(
        "Tissue", "ihc.png", "Colonic glands, stained. CMMI, no known copyright restrictions."
    ),
}
"""Samples by key, in the order in which they are offered."""

FIRST = "coffee"
"""Key of the sample that stands on the page before anything is chosen."""

TELLING: dict[str, Sample] = {
    "ramps": Sample("Blue to violet", "Drawn by this program.", draw_ramps),
    "skin": Sample("Skin tones", "Drawn by this program.", draw_skin),
    "shade": Sample("Leaves in shade", "Drawn by this program.", draw_shade),
    "pastels": Sample("Pastel chart", "Drawn by this program.", draw_pastels),
}
"""Pictures on which the choice of a colour space plainly matters; offered where spaces are compared."""

MAKING: dict[str, Sample] = {
    "pixels": Sample(
        "Pixel art, enlarged", "Drawn from the sample Cat. Stefan van der Walt, CC0.", _draw_enlarged
    ),
}
"""Pictures that show what can be made again; offered where that is done."""

MOVING: dict[str, Sample] = {
    "ball": Sample(
        "A ball before the cat",
        "Drawn on the sample Cat. Stefan van der Walt, CC0.",
        lambda: draw_ball(_read_shipped("chelsea.png")),
    ),
    "pan": Sample(
        "Over the coffee",
        "Cut from the sample Coffee. Rachel Michetti, courtesy of Pikolo Espresso Bar. CC0.",
        lambda: draw_pan(_read_shipped("coffee.png")),
    ),
    "fade": Sample(
        "Rocket to cat",
        "Mixed from the samples Rocket, SpaceX, public domain, and Cat, Stefan van der Walt, CC0.",
        lambda: draw_fade(_read_shipped("rocket.jpg"), _read_shipped("chelsea.png")),
    ),
    "sprite": Sample("A hopping slime", "Drawn by this program.", draw_sprite),
}
"""Animations, of which most pages show the first frame; offered where they are played."""

OTHERS = {**TELLING, **MAKING, **MOVING}
"""Samples that only some pages offer."""
