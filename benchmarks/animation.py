"""Animations: our files beside those of gifsicle and FFmpeg, in error, flicker, bytes and time.

Run as ``python -m benchmarks.animation``. Programs that are not installed are left out, and said. The
animations are made here, of photographs that come with scikit-image.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from benchmarks.machine import describe_machine
from quantize import Animation, load_animation, quantize_animation, warm, write_animation

Frames = NDArray[np.uint8]
COLORS = (16, 64, 256)
DURATION = 50


def pan() -> Frames:
    """A window that wanders over a photograph: all changes."""
    photo = data.astronaut()
    return np.stack([photo[40 + at : 220 + at, 3 * at : 240 + 3 * at] for at in range(20)])


def fade() -> Frames:
    """One photograph that becomes another."""
    one, other = data.astronaut()[:180, :240], data.coffee()[100:280, 150:390]
    shares = np.linspace(0, 1, 20)[:, None, None, None]
    return np.round(one * (1 - shares) + other * shares).astype(np.uint8)


def noise_over_still() -> Frames:
    """A photograph that stands still, with a patch of noise that moves over it."""
    rng = np.random.default_rng(0)
    frames = np.repeat(data.coffee()[None, 60:240, 150:390], 20, axis=0)
    for at, frame in enumerate(frames):
        frame[60:110, 8 * at : 8 * at + 60] = rng.integers(0, 256, (50, 60, 3))
    return frames


def sprites() -> Frames:
    """Discs of a few colours that move over a gradient."""
    rng = np.random.default_rng(1)
    down, across = np.mgrid[:180, :240]
    ground = np.stack([across, down + 40, 255 - across], axis=2).astype(np.uint8)
    frames = np.repeat(ground[None], 20, axis=0)
    colors = rng.integers(0, 256, (8, 3))
    starts, ways = rng.uniform(0, 180, (8, 2)), rng.uniform(-5, 5, (8, 2))
    for at, frame in enumerate(frames):
        for color, (y, x) in zip(colors, starts + at * ways, strict=True):
            frame[(down - y) ** 2 + (across - x) ** 2 < 150] = color
    return frames


def subject() -> Frames:
    """A part of a photograph that shakes before the rest of it, which stands still."""
    photo = data.chelsea()[40:220, 100:340]
    frames = np.repeat(photo[None], 20, axis=0)
    for at, frame in enumerate(frames):
        step = round(6 * np.sin(at))
        frame[40:130, 60:160] = photo[40:130, 60 + step : 160 + step]
    return frames


ANIMATIONS: dict[str, Callable[[], Frames]] = {
    "pan": pan,
    "fade": fade,
    "noise over a still": noise_over_still,
    "sprites": sprites,
    "moving subject": subject,
}


@dataclass(frozen=True)
class Row:
    """What a program made of an animation."""

    program: str
    mse: float
    flicker: float
    n_bytes: int
    seconds: float


def measure(program: str, source: Frames, file: bytes, seconds: float) -> Row:
    """Read a file again and compare it with what it was made of, frame by frame in time."""
    read = load_animation(file)
    ends = np.cumsum(read.durations)
    shown = [int(np.searchsorted(ends, DURATION * at + DURATION // 2, "right")) for at in range(len(source))]
    made = read.pixels[np.minimum(shown, len(ends) - 1)]
    error = np.mean(
        [np.square(a.astype(int) - b).sum(axis=2).mean() for a, b in zip(source, made, strict=True)]
    )
    still = (source[1:] == source[:-1]).all(axis=3)
    moved = (made[1:] != made[:-1]).any(axis=3)
    flicker = float((still & moved).sum() / still.sum()) if still.any() else 0.0
    return Row(program, float(error), flicker, len(file), seconds)


def ours(source: Frames, n_colors: int) -> Iterator[Row]:
    """Ours, without a dithering and with those that people use."""
    animation = Animation.from_frames(source, DURATION)
    for dither in ("none", "floyd-steinberg", "blue-noise", "looks"):
        for kind in ("gif", "apng", "webp") if dither == "none" else ("gif",):
            started = time.perf_counter()
            file = write_animation(quantize_animation(animation, n_colors=n_colors, dither=dither), kind)
            seconds = time.perf_counter() - started
            yield measure(f"**ours**, {kind}, {dither}", source, file, seconds)


def others(source: Frames, n_colors: int) -> Iterator[Row]:
    """Other programs, fed with the frames as PNG files, or as a GIF of all colours a frame can have."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for at, frame in enumerate(source):
            Image.fromarray(frame).save(place / f"{at:03}.png")
        yield from _by_ffmpeg(source, n_colors, place)
        yield from _by_gifsicle(source, n_colors, place)


def _timed(command: list[str], file: Path) -> tuple[bytes, float]:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return file.read_bytes(), time.perf_counter() - started


def _by_ffmpeg(source: Frames, n_colors: int, place: Path) -> Iterator[Row]:
    if not shutil.which("ffmpeg"):
        return
    for name, way in (("default", ""), ("bayer", "=dither=bayer"), ("none", "=dither=none")):
        graph = f"split[a][b];[a]palettegen=max_colors={n_colors}[p];[b][p]paletteuse{way}"
        out = place / "out.gif"
        command = ["ffmpeg", "-y", "-framerate", str(1000 // DURATION), "-i", str(place / "%03d.png"),
                   "-filter_complex", graph, str(out)]  # fmt: skip
        yield measure(f"FFmpeg paletteuse, {name}", source, *_timed(command, out))


def _by_gifsicle(source: Frames, n_colors: int, place: Path) -> Iterator[Row]:
    """Give gifsicle a GIF with 256 colours a frame, as it reads nothing else."""
    if not shutil.which("gifsicle"):
        return
    fine = quantize_animation(Animation.from_frames(source, DURATION), n_colors=256, one_palette=False)
    (place / "in.gif").write_bytes(write_animation(fine, "gif"))
    for name, way in (("none", []), ("dither", ["--dither"])):
        out = place / "out.gif"
        command = ["gifsicle", "--colors", str(n_colors), "-O3", *way, str(place / "in.gif"), "-o", str(out)]
        yield measure(f"gifsicle -O3, {name}", source, *_timed(command, out))
    same = quantize_animation(Animation.from_frames(source, DURATION), n_colors=n_colors)
    (place / "same.gif").write_bytes(_plain_gif(same))
    file, seconds = _timed(["gifsicle", "-O3", str(place / "same.gif"), "-o", str(out)], out)
    yield measure("our frames, packed by gifsicle -O3", source, file, seconds)


def _plain_gif(animated: object) -> bytes:
    """Write a GIF of whole frames by Pillow."""
    images = []
    for number in range(animated.n_frames):  # type: ignore[attr-defined]
        image = Image.fromarray(animated.indices[number])  # type: ignore[attr-defined]
        image = image.convert("P") if image.mode != "P" else image
        image.putpalette(animated.palettes[0].tobytes())  # type: ignore[attr-defined]
        images.append(image)
    file = BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=DURATION, loop=0)
    return file.getvalue()


def main() -> None:
    """Print a table for every animation."""
    print(describe_machine())
    missing = [name for name in ("gifsicle", "ffmpeg", "gifski") if not shutil.which(name)]
    if missing:
        print(f"\nNot installed, and so not in the tables: {', '.join(missing)}.")
    warm()
    list(ours(sprites()[:2], 4))  # compiles what is left
    for name, make in ANIMATIONS.items():
        for n_colors in COLORS:
            source = make()
            print(f"\n### {name}, {n_colors} colours\n")
            print("| | MSE | flicker | bytes | seconds |\n|---|---:|---:|---:|---:|")
            for row in (*ours(source, n_colors), *others(source, n_colors)):
                print(f"| {row.program} | {row.mse:.1f} | {100 * row.flicker:.2f} % | {row.n_bytes:,} "
                      f"| {row.seconds:.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
