"""Animations drawn here, small ones, each with something that quantizing an animation can get wrong.

What stands still shall not flicker when it is dithered; one palette shall serve all scenes; what is
transparent stays so; frames last as long as they did. The same bytes every time.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

_WIDTH, _HEIGHT = 288, 192


def draw_ball(photo: bytes) -> bytes:
    """Draw a ball that flies before a photo, 24 frames, as an APNG: all but the ball stands still."""
    ground, ball = _scaled(photo), _draw_ball(44)
    frames = []
    for turn in np.arange(24) / 24:
        frame = ground.copy()
        x = (_WIDTH - 44) * (0.5 - 0.5 * np.cos(2 * np.pi * turn))
        y = (_HEIGHT - 50) * (1 - abs(np.sin(4 * np.pi * turn)) * 0.75)
        frame.paste(ball, (round(x), round(y)), ball)
        frames.append(frame)
    return _write(frames, "PNG", 60, compress_level=6)


def draw_pan(photo: bytes) -> bytes:
    """Draw a walk over a photo in a circle, 24 frames, as a WebP: nothing stands still."""
    whole = Image.open(BytesIO(photo)).convert("RGB")
    far = whole.width - _WIDTH, whole.height - _HEIGHT
    frames = []
    for turn in np.arange(24) / 24 * 2 * np.pi:
        left, top = (round(room * share) for room, share in zip(far, _around(turn), strict=True))
        frames.append(whole.crop((left, top, left + _WIDTH, top + _HEIGHT)))
    return _write(frames, "WEBP", 80, lossless=True, quality=20, method=1)


def draw_fade(first: bytes, second: bytes) -> bytes:
    """Draw a photo that fades into another and back, 18 frames, as a WebP; both stay longer than the rest."""
    ends = [np.asarray(_scaled(photo), np.float32) for photo in (first, second)]
    shares = [0.0, *np.arange(1, 9) / 9, 1.0, *np.arange(8, 0, -1) / 9]
    mixed = (np.rint((1 - share) * ends[0] + share * ends[1]) for share in shares)
    frames, times = [Image.fromarray(one.astype(np.uint8)) for one in mixed], [60] * len(shares)
    times[0] = times[9] = 900
    return _write(frames, "WEBP", times, lossless=True, quality=20, method=1)


def draw_sprite() -> bytes:
    """Draw a slime that hops, 32 × 32 on nothing, as a GIF of few colours."""
    frames = []
    for turn in np.arange(12) / 12:
        high, flat = np.sin(np.pi * turn) ** 0.8, max(0.0, 1 - 3 * min(turn, 1 - turn))
        frames.append(_draw_slime(round(12 * high), round(4 * flat)))
    return _write(frames, "GIF", [90] * 11 + [220], disposal=2, transparency=0)


def _around(angle: float) -> tuple[float, float]:
    return 0.5 - 0.5 * float(np.cos(angle)), 0.5 + 0.5 * float(np.sin(angle))


def _scaled(photo: bytes) -> Image.Image:
    """Cut the middle out of a photo, as large as a frame."""
    with Image.open(BytesIO(photo)) as opened:
        whole = opened.convert("RGB")
    share = max(_WIDTH / whole.width, _HEIGHT / whole.height)
    size = round(whole.width * share), round(whole.height * share)
    left, top = (size[0] - _WIDTH) // 2, (size[1] - _HEIGHT) // 2
    return whole.resize(size, Image.Resampling.BOX).crop((left, top, left + _WIDTH, top + _HEIGHT))


def _draw_ball(side: int) -> Image.Image:
    """Draw a shaded ball with soft edges."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    inside = np.clip((1 - np.hypot(x, y)) * side / 2, 0, 1)
    light = np.clip(1 - 0.62 * np.hypot(x + 0.35, y + 0.4), 0.12, 1)[..., None]
    color = light * np.array([228.0, 52.0, 40.0]) + np.clip(light - 0.86, 0, 1) * 700
    rgba = np.dstack([np.clip(color, 0, 255), 255 * inside])
    return Image.fromarray(np.rint(rgba).astype(np.uint8), "RGBA")


def _draw_slime(high: int, flat: int) -> Image.Image:
    """Draw it with the entries nothing, outline, body, light, shade, eye."""
    image = Image.new("P", (32, 32))
    image.putpalette([0, 0, 0, 22, 58, 40, 74, 176, 92, 158, 228, 128, 44, 122, 76, 16, 24, 32])
    draw = ImageDraw.Draw(image)
    left, right, top, foot = 6 - flat // 2, 25 + flat // 2, 13 - high + flat, 29 - high
    draw.ellipse((left, top, right, foot), fill=4, outline=1)
    draw.ellipse((left + 2, top + 1, right - 3, foot - 4), fill=2)
    draw.ellipse((left + 5, top + 2, left + 10, top + 5), fill=3)
    for eye in (12, 18):
        draw.rectangle((eye, top + 6, eye + 1, top + 8), fill=5)
    return image


def _write(frames: Sequence[Image.Image], format: str, duration: int | list[int], **options: Any) -> bytes:
    file = BytesIO()
    frames[0].save(
        file, format, save_all=True, append_images=list(frames[1:]), duration=duration, loop=0, **options
    )
    return file.getvalue()
