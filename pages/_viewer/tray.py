"""The tray: thumbnails of a visitor's own pictures, of which one is shown."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pages._viewer.assets import read
from pages._viewer.declaring import declare

_component = declare("quantize_tray", html=read("tray.html"), css=read("tray.css"), js=read("tray.js"))


@dataclass(frozen=True)
class Thumbnail:
    """One picture: what names it, its name to read, and a WebP to recognise it by, b"" if there is none."""

    key: str
    name: str
    webp: bytes


def tray(
    pictures: Sequence[Thumbnail],
    current: str | None,
    *,
    key: str,
    on_show: Callable[[], None],
    on_out: Callable[[], None],
) -> None:
    """Show thumbnails in a row; a click on one shows it, one on its cross takes it out.

    Parameters
    ----------
    pictures : sequence of Thumbnail
        In this order; their keys must differ.
    current : str, optional
        Key of the one that is shown.
    key : str
        Names this tray; unique on its page.
    on_show, on_out : callable
        Callbacks for a click, of which ``read_key`` tells the picture.
    """
    data = {
        "pictures": [
            {"key": one.key, "name": one.name, "thumbnail": _as_address(one.webp)} for one in pictures
        ],
        "current": current,
    }
    _component(key=key, data=data, on_show_change=on_show, on_out_change=on_out)


def _as_address(webp: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(webp).decode()}" if webp else ""


def read_key(said: object) -> str:
    """Key of the picture that was clicked; "" if a browser says anything else."""
    key = said.get("key") if isinstance(said, dict) else None
    return key if isinstance(key, str) else ""
