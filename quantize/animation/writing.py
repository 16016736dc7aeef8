"""An animation as a file, by the name of its kind, and what that kind cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from quantize.animation.apng import write_apng
from quantize.animation.gif import TICK, write_gif
from quantize.animation.mapping import Animated, Checkpoint
from quantize.animation.timeline import spans
from quantize.errors import QuantizeError
from quantize.records import Records

_MOST_SIDE = {"gif": 65_535, "webp": 16_383}
_MOST_LOOPS = {"gif": 65_536, "webp": 65_535}
_WEBP_TICKS = 2**24 - 1
_WEBP_LONGEST = 2**31 - 1
_WEBP_ALPHA = 16
_FAST = 100  # milliseconds that browsers show GIF frames of less than 20 for


@dataclass(frozen=True)
class AnimationKind:
    """A kind of file: its name, its title, how its files end, its type, and who writes it."""

    key: str
    title: str
    suffixes: tuple[str, ...]
    mime: str
    write: Callable[[Animated, Checkpoint], bytes]


def _write_webp(animated: Animated, checkpoint: Checkpoint = None) -> bytes:
    """Write an animated WebP, lossless, through Pillow."""
    times = spans(animated, 1, _WEBP_TICKS)
    if sum(animated.durations) > _WEBP_LONGEST:
        raise QuantizeError(
            f"an animated WebP must last at most {_WEBP_LONGEST:,} ms, got {sum(animated.durations):,}: "
            "choose another kind"
        )
    if checkpoint:
        checkpoint()
    first, *others = (_image(animated, span.number) for span in times)
    file = BytesIO()
    first.save(
        file, "WEBP", save_all=True, append_images=others, duration=[span.ticks for span in times],
        loop=min(animated.loops, _MOST_LOOPS["webp"]), lossless=True, exact=True, quality=90, method=4,
        minimize_size=True,
    )  # fmt: skip
    content = file.getvalue()
    hides = any(not animated.visible(span.number).all() for span in times)
    return _said_transparent(content) if hides and content[12:16] == b"VP8X" else content


def _said_transparent(content: bytes) -> bytes:
    """Say in a WebP's head that there is transparency, also if it comes of clearing alone (RFC 9649, 2.7)."""
    return content[:20] + bytes([content[20] | _WEBP_ALPHA]) + content[21:]


def _image(animated: Animated, number: int) -> Image.Image:
    return Image.fromarray(animated.frame(number))


ANIMATION_KINDS = Records(
    "kind of animation",
    (
        AnimationKind("gif", "GIF", (".gif",), "image/gif", write_gif),
        AnimationKind("apng", "Animated PNG", (".png", ".apng"), "image/apng", write_apng),
        AnimationKind("webp", "Animated WebP", (".webp",), "image/webp", _write_webp),
    ),
)


def write_animation(animated: Animated, kind: str, *, checkpoint: Checkpoint = None) -> bytes:
    """Write an animation as a file: the frames, exactly, when and for as long as they are seen.

    Only what changes from frame to frame is written, and frames that look alike become one.

    Parameters
    ----------
    animated : Animated
    kind : str
        "gif", "apng" or "webp". ``writing_notes`` says what it cannot hold.
    checkpoint : callable, optional
        Called between frames; what it raises ends the work.

    Raises
    ------
    QuantizeError
        If there is no such kind, or a side is longer than it can be.
    """
    found = ANIMATION_KINDS.find(kind)
    most = _MOST_SIDE.get(kind, 2**31)
    if max(animated.size) > most:
        raise QuantizeError(
            f"{found.title} must have at most {most:,} pixels on a side, got {max(animated.size):,}: "
            "choose another kind, or scale it down"
        )
    return found.write(animated, checkpoint)


def writing_notes(animated: Animated, kind: str) -> tuple[str, ...]:
    """Say what a kind of file changes of an animation, in sentences for the user."""
    ANIMATION_KINDS.find(kind)
    notes = []
    if animated.loops > _MOST_LOOPS.get(kind, 2**31 - 1):
        notes.append(
            f"it plays {_MOST_LOOPS.get(kind, 2**31 - 1):,} times, the most that such a file can say"
        )
    if kind == "gif" and any(time % TICK for time in animated.durations):
        notes.append("durations are in steps of 10 ms, as GIF has no others; the whole length stays")
    if kind == "gif" and animated.n_frames > 1 and any(time < 2 * TICK for time in animated.durations):
        notes.append(f"browsers show frames of less than 20 ms for {_FAST} ms")
    return tuple(notes)
