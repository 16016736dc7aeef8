"""What the engine makes of a fixed set of inputs, as digests: for changes that must change no byte.

``python -m benchmarks.recorded write FILE`` before such a change, ``... compare FILE`` after it, on the same
machine and with the same libraries: it lists what differs, and ends with 1 if anything does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from quantize import (
    Palette,
    Picture,
    Quantized,
    QuantizeError,
    delta_e_blurred,
    delta_e_map,
    load_picture,
    measure,
    quantize_image,
    read_palette,
    ssim,
    write_palette,
)
from quantize.colors.spaces import SPACES
from quantize.curve import error_curve, suggest_n_colors
from quantize.decoding.samples import SAMPLES, TELLING, find_sample, load_sample
from quantize.decoding.worker import load_picture_apart, start, stop
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.measuring.cloud import sample_cloud
from quantize.measuring.comparison import difference_map, find_regions, match_palettes
from quantize.measuring.families import find_families
from quantize.measuring.verdicts import find_gain, lightness_error
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.outline import outline_result
from quantize.palettes.facts import contrast_ratios, nearest_css_names, oklch_css
from quantize.palettes.order import ORDERS, sort_palette
from quantize.palettes.pairs import merge_similar
from quantize.palettes.vision import VISIONS, find_look_alikes, simulate_vision
from quantize.rendering.card import draw_card
from quantize.rendering.encode import encode_png, encode_rgba_png, indexed_png_size, png_size
from quantize.rendering.heat import choose_top, heat_colors, heat_png
from quantize.rendering.previews import encode_original, encode_thumbnail, preview
from quantize.rendering.sheet import Tile, contact_sheet
from quantize.swatches.formats import FORMATS
from tests.degenerate import alphas, counts_near, n_colors_of, pictures
from tests.pictures import noise, png, saved, smooth, tiff

Case = tuple[str, Callable[[], Any]]


def main() -> None:
    """Write digests or compare with those written before."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("job", choices=("write", "compare"))
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    found = record()
    if options.job == "write":
        options.file.write_text(json.dumps(found, indent=0, ensure_ascii=False))
        print(f"{len(found)} digests written")
        return
    before = json.loads(options.file.read_text())
    differing = sorted(name for name in found.keys() | before.keys() if found.get(name) != before.get(name))
    print(*differing, f"{len(found)} digests, {len(differing)} differ", sep="\n")
    sys.exit(bool(differing))


def record() -> dict[str, str]:
    """Name and digest of every case."""
    found: dict[str, str] = {}
    start()
    try:
        for cases in (samples, choices, hostile, transparent, files, swatches, palettes, curves, compared):
            for name, make in cases():
                assert name not in found, name
                found[name] = digest(make)
    finally:
        stop()
    return found


def digest(make: Callable[[], Any]) -> str:
    """SHA-256 of what a case gives, or of the sentence with which it is refused."""
    try:
        value = make()
    except QuantizeError as error:
        value = ("refused", str(error))
    told = hashlib.sha256()
    _tell(value, told.update)
    return told.hexdigest()


def _tell(value: Any, write: Callable[[bytes], None]) -> None:
    """Write a value down: arrays and bytes as they are, floats to the last bit."""
    if isinstance(value, np.ndarray):
        write(f"{value.dtype} {value.shape} ".encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, bytes):
        write(f"{len(value)} bytes ".encode() + value)
    elif isinstance(value, (float, np.floating)):
        write(float(value).hex().encode())
    elif isinstance(value, Picture):
        parts = value.pixels, value.alpha, value.notes, value.n_bytes, value.dpi
        _tell(parts, write)
    elif is_dataclass(value):
        for field in fields(value):
            write(f"{field.name}=".encode())
            _tell(getattr(value, field.name), write)
    elif isinstance(value, (tuple, list)):
        for part in value:
            _tell(part, write)
            write(b",")
    else:
        write(repr(value).encode("utf-8", "backslashreplace"))


def made(picture: Picture, **chosen: Any) -> Any:
    """A result, its files and its figures."""
    result = quantize_image(picture, **chosen)
    quick = encode_png(result.palette, result.indices, result.alpha, optimize=False)
    best = encode_png(result.palette, result.indices, result.alpha, optimize=True, dpi=picture.dpi)
    return result, quick, best, measure(picture, result)


def around(picture: Picture, n_colors: int) -> Any:
    """All that is made of a result besides: RGBA file, previews, sheet, card, heat and figures."""
    result = quantize_image(picture, n_colors=n_colors)
    other = quantize_image(picture, n_colors=n_colors, space="LAB")
    before, after = picture.pixels, result.pixels
    difference = delta_e_map(before, after)
    alpha = picture.alpha if picture.alpha is not None else np.full(before.shape[:2], 255, np.uint8)
    tile = Tile(after, f"{n_colors} colours", "ΔE00")
    return (
        encode_rgba_png(result.palette, result.indices, alpha, dpi=picture.dpi),
        (encode_original(preview(before, 300)), encode_thumbnail(before, picture.alpha, 96)),
        encode_png(result.palette, preview(result.indices, 200), optimize=False),
        contact_sheet([tile, Tile(before, "before", "")], title="Recorded", subtitle="two", tile_side=160),
        (draw_card(result), heat_png(difference, choose_top(difference), picture.alpha), heat_colors()),
        (difference, ssim(before, after, picture.alpha), delta_e_blurred(before, after, picture.alpha)),
        (png_size(before, picture.alpha), indexed_png_size(result.palette, result.indices, picture.alpha)),
        (match_palettes(result.palette, other.palette), difference_map(result, other, 200)),
        find_regions(difference_map(result, other, 200), picture.size),
        [find_gain(key, picture, other, result) for key in ("mse", "delta_e_00")],
        (lightness_error(picture, result), find_families(result.palette), sample_cloud(picture, 500)),
        outline_result(picture, result.settings),
    )


@cache
def small(key: str) -> Picture:
    """A sample thinned to what is quick."""
    return Picture.from_pixels(preview(load_sample(key).pixels, 240).copy())


def samples() -> Iterator[Case]:
    """Every sample, its file and its pixels, whole and thinned."""
    for key in (*SAMPLES, *TELLING):
        yield f"sample {key}", partial(load_sample, key)
        yield f"sample file {key}", find_sample(key).read
        yield f"whole {key}, 16", lambda key=key: made(load_sample(key), n_colors=16)
        yield f"around {key}", partial(around, small(key), 12)


def choices() -> Iterator[Case]:
    """Every choice with every other that it may meet."""
    for key in ("coffee", "shapes", "ramps"):
        for method in METHODS:
            for space in SPACES:
                for k in (1, 2, 7, 16, 64) if method != "opencv" else (2, 16):
                    name = f"{key} {method} {space} {k}"
                    yield name, partial(made, small(key), n_colors=k, method=method, space=space)
        for dither in DITHERS:
            for light in LIGHTS if dither != "none" else (None,):
                for space in ("BGR", "LAB"):
                    for strength in (0.6, 1.0) if dither != "none" else (None,):
                        chosen = {"dither": dither, "light": light, "space": space, "strength": strength}
                        name = f"{key} {dither} {light} {space} {strength}"
                        yield name, partial(made, small(key), n_colors=9, **chosen)
        for effort in EFFORTS:
            for rare in (0.0, 0.5, 1.0):
                for keep in ((), ("#ff0000",), ("#fff", "#000000", "#123456")):
                    for k in (4, 24):
                        name = f"{key} {effort} {rare} {keep} {k}"
                        chosen = {"effort": effort, "rare": rare, "keep": keep}
                        yield name, partial(made, small(key), n_colors=k, **chosen)
        for init in ("split", "k-means++", "random"):
            yield f"{key} {init}", partial(made, small(key), n_colors=20, init=init, attempts=3, seed=5)


def hostile() -> Iterator[Case]:
    """Every kind of hostile picture, with K next to its number of colours."""
    for number, (name, pixels) in enumerate(pictures(2, seed=3)):
        picture = Picture.from_pixels(pixels)
        for turn, k in enumerate(counts_near(n_colors_of(pixels))):
            space = tuple(SPACES)[(turn + number) % len(SPACES)]
            yield f"{name} {space} {k}", partial(made, picture, n_colors=k, space=space)
        dither = tuple(DITHERS)[number % len(DITHERS)]
        yield f"{name} {dither}", partial(made, picture, n_colors=3, dither=dither)
        if max(pixels.shape) < 200:
            yield f"around {name}", partial(around, picture, 5)


def transparent() -> Iterator[Case]:
    """Every kind of transparency."""
    pixels = small("coffee").pixels
    for name, alpha in alphas(pixels.shape[:2]):
        picture = Picture.from_pixels(pixels, alpha)
        for k in (2, 16, 256):
            yield f"alpha {name} {k}", partial(made, picture, n_colors=k)
        yield f"alpha {name} dithered", partial(made, picture, n_colors=8, dither="floyd-steinberg")
        yield f"alpha {name} around", partial(around, picture, 8)


def files() -> Iterator[Case]:
    """Files of every format and some damage, decoded here and in a worker process."""
    even, rough = smooth(60, 90), noise(33, 47)
    found = {
        "png": png(rough),
        "png 16": png(rough.astype(np.uint16) * 257 + 3),
        "png grey alpha": png(noise(20, 30, 2)),
        "png alpha": png(noise(20, 30, 4)),
        "jpeg": saved(even, "JPEG", quality=90, dpi=(300, 200)),
        "webp": saved(even, "WEBP", quality=80),
        "gif": saved(even, "GIF"),
        "bmp": saved(rough, "BMP"),
        "tiff": saved(rough, "TIFF"),
        "tiff 16": tiff(4, 3, bytes(range(24)), (16,)),
        "cut": png(rough)[:900],
        "nothing": b"",
        "text": b"not a picture",
    }
    for name, data in found.items():
        yield f"file {name}", partial(load_picture, data)
        yield f"file {name} apart", partial(load_picture_apart, data)


def swatches() -> Iterator[Case]:
    """Palette files of every format, there and back."""
    for name, palette in _palettes():
        for key in FORMATS:
            yield f"swatches {name} {key}", partial(_there_and_back, palette, key)


def _there_and_back(palette: Palette, key: str) -> Any:
    data = write_palette(palette, key)
    read = read_palette(data, f"some{FORMATS[key].extension}")
    return data, read.colors, read.names, read.notes


def _palettes() -> list[tuple[str, Palette]]:
    def of(result: Quantized, **more: Any) -> Palette:
        return Palette(result.palette, shares=result.counts / result.counts.sum(), **more)

    names = tuple(f"colour {n} “ü” */" if n % 3 else "" for n in range(16))
    return [
        ("coffee", of(quantize_image(small("coffee"), n_colors=16), names=names)),
        ("shapes", of(quantize_image(small("shapes"), n_colors=5))),
        ("noise", Palette(noise(200, 1).reshape(-1, 3))),
    ]


def palettes() -> Iterator[Case]:
    """What is said of palettes."""
    for name, palette in _palettes():
        colors = palette.colors
        for order in ORDERS:
            yield f"palette {name} {order}", lambda p=palette, order=order: sort_palette(p, order).hexes
        for vision in VISIONS:
            yield f"palette {name} {vision}", partial(simulate_vision, colors, vision)
        yield f"palette {name} merged", partial(merge_similar, palette, 6.0)
        yield f"palette {name} alike", partial(find_look_alikes, colors)
        yield f"palette {name} words", lambda c=colors: (oklch_css(c), nearest_css_names(c))
        yield f"palette {name} contrast", partial(contrast_ratios, colors)


def curves() -> Iterator[Case]:
    """Error against K, and the K that is suggested."""
    for key in ("coffee", "ramps"):
        for space in ("BGR", "LAB"):
            curve = error_curve(small(key), quantize_image(small(key), space=space).settings)
            yield f"curve {key} {space}", lambda curve=curve: (curve, suggest_n_colors(curve))


def compared() -> Iterator[Case]:
    """Every space's way there and back, over colours from everywhere."""
    colors = noise(3000, 1).reshape(-1, 3)
    for key, space in SPACES.items():
        yield f"space {key}", lambda space=space: space.to_working(colors)
        yield f"space {key} back", lambda space=space: space.to_srgb(space.to_working(colors))


if __name__ == "__main__":
    main()
