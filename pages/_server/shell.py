"""What a visitor sees of a page before its scripts have come: heading, lead, the room of the picture.

On a slow line Streamlit's scripts take many seconds, and until then its HTML is empty. This stands before
them, without a script of its own, and leaves when the viewer has laid its picture out (``viewer.js`` says
so). Until then the page beneath it is hidden, so that nobody sees how its parts find their places.
While the engine of a new installation is still being compiled, it shows the sample already, and how far that
is, which a script asks the server until the page itself says it.
"""

from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path

from pages import SCREENS, Screen
from pages._server.link import Link
from pages._words import PREPARING
from quantize import ahead
from quantize.decoding.samples import SAMPLES, load_sample
from quantize.rendering.previews import encode_thumbnail

HISTORY, HINTS, START = "history.js", "hints.js", "start.js"
SCRIPTS = (HISTORY, HINTS, START)
"""What pages run before Streamlit's scripts: always, and while the engine is compiled."""
_SIDE = 800


@cache
def script(name: str) -> str:
    """One of ``SCRIPTS``."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


@cache
def style() -> str:
    """The style sheet, without what only people read."""
    lines = Path(__file__).with_name("shell.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*"))


def draw_style() -> str:
    """Write it as HTML, for the head of a page, and what the page does before Streamlit's scripts run."""
    names = SCRIPTS if ahead.is_compiling() else (HISTORY, HINTS)
    scripts = "".join(f'<script src="./{name}" defer></script>' for name in names)
    return f"<style data-first-paint>{style()}</style>{scripts}"


def draw_shell(link: Link) -> str:
    """Write what stands before the page of a link, as HTML for the begin of the body."""
    screen, bar = screen_of(link.page), _draw_bar()
    if link.embedded:
        return f'<div class="first-paint alone"><main><div class="room">{bar}</div></main></div>'
    return (
        '<div class="first-paint"><aside></aside>'
        f"<main><header><h1>{escape(screen.heading)}</h1><p>{escape(screen.lead)}</p></header>"
        f'<div class="room">{_draw_sample(link) if screen.default else ""}{bar}</div></main></div>'
    )


def _draw_bar() -> str:
    if not ahead.is_compiling():
        return ""
    return f'<label>{PREPARING}<progress max="1" value="0"></progress></label>'


def _draw_sample(link: Link) -> str:
    choices = link.choices
    if not ahead.is_compiling() or choices.own or choices.share or choices.sample not in SAMPLES:
        return ""
    return _draw_original(choices.sample)


@cache
def _draw_original(sample: str) -> str:
    picture = load_sample(sample)
    file, kind = encode_thumbnail(picture.pixels, picture.alpha, _SIDE)
    return f'<img alt="The original" src="data:{kind};base64,{b64encode(file).decode()}">'


def screen_of(page: str) -> Screen:
    """The page of this name in the address; Streamlit shows the first one where there is none."""
    return next((screen for screen in SCREENS if screen.file == page), SCREENS[0])
