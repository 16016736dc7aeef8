"""What the page shows and offers: files that were really written, and points of its chart."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pages import _cache, _looked_at, _state
from pages._choices import Choices
from pages._references import PictureRef
from quantize import Picture, QuantizeError
from quantize.decoding.formats import PICTURE_FORMATS
from quantize.rendering.previews import encode_original, preview
from quantize.sizing.comparing import Point, estimate_point, list_recipes
from quantize.sizing.estimating import Estimator
from quantize.sizing.explaining import describe_setting, explain
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import Recipe
from quantize.sizing.sample import Sample, take_sample
from quantize.sizing.scores import Scores, score_looks
from quantize.sizing.shrinking import Aim, Shrunk, shrink
from quantize.sizing.writing import Writer, resize

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Found:
    """A file that was really written, and how it is shown.

    Attributes
    ----------
    data : bytes
        The whole file.
    recipe : Recipe or None
        How it was written; None if it is the visitor's file as it came.
    looks : float
        SSIMULACRA2.
    said : str
        What it gave up, in a sentence.
    setting : str
        How it was written, in some words; "" if there is nothing to say, or it is the visitor's own.
    format : str
        What the visitor's own was, as ``PICTURE_FORMATS`` names it.
    shown : bytes
        What is seen of it, at preview size.
    size : (int, int)
        Its width and height.
    """

    data: bytes
    recipe: Recipe | None
    looks: float
    said: str
    setting: str
    format: str
    shown: bytes
    size: tuple[int, int]


def read_aim(record: Choices) -> Aim:
    """What a visitor wants."""
    n_bytes, looks = (record.kb * 1000, None) if record.goal == "size" else (None, float(record.least))
    return Aim(record.kind, n_bytes, looks, squeeze=record.squeeze and record.kind == "png")


def name_options(aim: Aim, found: Found) -> dict[str, Any]:
    """Name an aim as options of the command line, with their values; no kind for a file as it came."""
    goal = {"--looks": f"{aim.looks:g}"} if aim.n_bytes is None else {"--kb": f"{aim.n_bytes / 1000:g}"}
    kind = {"--kind": aim.kind} if found.recipe else {}
    return {**goal, **kind, "--quick": not aim.squeeze and KINDS[aim.kind].indexed}


def source_of(picture: PictureRef) -> bytes | None:
    """The visitor's own file, if that is what the picture came in."""
    upload = _looked_at.upload()
    return upload.data if upload and picture.is_given and upload.digest == picture.source.key[1] else None


def find_file(picture: PictureRef, aim: Aim, source: bytes | None, progress: Progress) -> Found:
    """The file that suits an aim best.

    Raises
    ------
    QuantizeError
        If there is none, or finding it takes longer than a visitor's work may.
    """

    _check_quick(picture, aim.kind)

    def make(checkpoint: _cache.Checkpoint) -> Found:
        opened = _cache.open_picture(picture)
        sample = _sample(picture)
        return _show(
            opened, shrink(opened, aim, source, sample=sample, checkpoint=checkpoint, progress=progress)
        )

    key = "smaller", picture.digest, aim, source is not None
    return _cache.kept_of_steps(key, make, _state.checkpoint(), _cache.Work.SLOW)


def write_point(picture: PictureRef, recipe: Recipe) -> Found:
    """The file of one way to write a picture.

    Raises
    ------
    QuantizeError
        If that kind cannot hold the picture, or it takes longer than a visitor's work may.
    """

    _check_quick(picture, recipe.kind, recipe.scale)

    def make(checkpoint: _cache.Checkpoint) -> Found:
        opened = _cache.open_picture(picture)
        written = Writer(opened).write(recipe, checkpoint)
        looks = score_looks(opened, written)
        return _show(opened, Shrunk(written.data, written, looks, explain(opened, written, looks)))

    key = "written", picture.digest, recipe
    return _cache.kept_of_steps(key, make, _state.checkpoint(), _cache.Work.SLOW)


def _check_quick(picture: PictureRef, kind: str, scale: float = 1.0) -> None:
    """Refuse a kind of file that would be written for long, in one call that no limit of time can end."""
    found, size = KINDS[kind], prod(picture.size) * scale**2
    if size > found.quick_to:
        raise QuantizeError(
            f"{found.title} is written here of at most {found.quick_to / 1e6:.0f} megapixels, got "
            f"{size / 1e6:.0f}: choose another kind, or run quantize compress on your own computer"
        )


def _show(opened: Picture, shrunk: Shrunk) -> Found:
    written, recipe = shrunk.written, shrunk.written.recipe if shrunk.written else None
    pixels, alpha = (written.pixels, written.alpha) if written else (opened.pixels, opened.alpha)
    height, width = pixels.shape[:2]
    shown = _thinned(*_enlarged(pixels, alpha, opened.size))
    setting = describe_setting(written) if written else ""
    return Found(
        shrunk.data, recipe, shrunk.looks, shrunk.said, setting, opened.format, shown, (width, height)
    )


def _enlarged(
    pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    return (pixels, alpha) if pixels.shape[1::-1] == size else resize(pixels, alpha, size)


def _thinned(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> bytes:
    side = _cache.PREVIEW_SIDE
    return encode_original(preview(pixels, side), None if alpha is None else preview(alpha, side))[0]


def cut_part(
    picture: PictureRef, found: Found, left: int, top: int, right: int, bottom: int, pane: int
) -> bytes:
    """A part of the original (pane 0) or of the file in full resolution; both ends are in its pixels."""
    if not pane or found.recipe is None:
        return _cache.part(picture, [], left, top, right, bottom, 0)

    def cut() -> bytes:
        with Image.open(BytesIO(found.data)) as file:
            array = np.asarray(file.convert("RGBA" if file.has_transparency_data else "RGB"))
        alpha = np.ascontiguousarray(array[..., 3]) if array.shape[2] == 4 else None
        pixels, alpha = _enlarged(np.ascontiguousarray(array[..., :3]), alpha, picture.size)
        place = slice(top, bottom), slice(left, right)
        return encode_original(
            np.ascontiguousarray(pixels[place]), None if alpha is None else np.ascontiguousarray(alpha[place])
        )[0]  # fmt: skip

    return _cache.kept(("cut", picture.digest, found.recipe, left, top, right, bottom), cut)


def find_points(picture: PictureRef, progress: Progress) -> tuple[Point, ...]:
    """All points of the chart: estimates, of pictures that are not small; kept kind by kind.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    kinds: dict[str, list[Recipe]] = {}
    for recipe in _recipes(picture):
        kinds.setdefault(recipe.kind, []).append(recipe)
    points: list[Point] = []
    for number, (kind, recipes) in enumerate(kinds.items()):
        progress(number / len(kinds))
        points += _points_of(picture, kind, recipes)
    progress(1.0)
    return tuple(points)


def _recipes(picture: PictureRef) -> tuple[Recipe, ...]:
    key = "recipes", picture.digest
    held = _cache.kept(key, lambda: list_recipes(_cache.open_picture(picture)))
    return tuple(recipe for recipe in held if prod(picture.size) <= recipe.of_kind.quick_to)


def _points_of(picture: PictureRef, kind: str, recipes: list[Recipe]) -> tuple[Point, ...]:
    def make(checkpoint: _cache.Checkpoint) -> tuple[Point, ...]:
        estimator = Estimator(_sample(picture), checkpoint)
        return tuple(estimate_point(estimator, recipe) for recipe in recipes)

    key = "points", picture.digest, kind
    return _cache.kept_of_steps(key, make, _state.checkpoint(), _cache.Work.SLOW)


def _sample(picture: PictureRef) -> Sample:
    return _cache.kept(("file sample", picture.digest), lambda: take_sample(_cache.open_picture(picture)))


def original_point(picture: PictureRef) -> Point | None:
    """The visitor's own file; a sample's or a shared one's length says nothing."""
    return Point(None, picture.n_bytes, Scores(100.0, 0.0, 1.0)) if picture.is_given else None


def extension_of(found: Found, name: str) -> tuple[str, str]:
    """Extension and media type of a file; ``name`` is what the visitor's own was called."""
    if found.recipe is not None:
        kind = KINDS[found.recipe.kind]
        return kind.extension, kind.mime
    _, _, ending = name.rpartition(".")
    endings = PICTURE_FORMATS[found.format].endings
    return (f".{ending}" if f".{ending.lower()}" in endings else endings[0]), "application/octet-stream"
