"""What a link to the app says, read without Streamlit: for the preview card of that link.

Pages themselves read the address through their widgets; the names of its parts are the widgets' keys.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from quantize import QuantizeError, Settings
from quantize.samples import SAMPLES, TELLING
from quantize.settings import choose

MAX_QUERY = 2000
"""Characters of a query that are read; ours stay far below."""

_CHOICES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "k": ("n_colors", int),
    "space": ("space", str),
    "dither": ("dither", str),
    "strength": ("strength", float),
    "light": ("light", str),
    "rare": ("rare", float),
}


@dataclass(frozen=True)
class Link:
    """A picture and what is to be done with it, as an address names them.

    Attributes
    ----------
    share : str or None
        What stands for the id of a shared picture; not checked here.
    sample : str or None
        Key of a sample, None if the address names none that there is.
    settings : Settings
        What the address chooses; what it leaves out, or gets wrong, is the default.
    embedded : bool
        Whether the viewer alone is wanted.
    """

    share: str | None
    sample: str | None
    settings: Settings
    embedded: bool


def read_link(query: str) -> Link:
    """Read the query of an address; whatever cannot be read is left out.

    Parameters
    ----------
    query : str
        What follows the question mark, percent-encoded.
    """
    try:
        said = parse_qs(query[:MAX_QUERY], max_num_fields=50)
    except ValueError:
        said = {}
    samples = {sample.title: key for table in (SAMPLES, TELLING) for key, sample in table.items()}
    return Link(
        share=said.get("share", [None])[0],
        sample=samples.get(said.get("sample", [""])[0]),
        settings=_read_settings(said),
        embedded="true" in said.get("embed", []),
    )


def _read_settings(said: Mapping[str, list[str]]) -> Settings:
    settings = Settings()
    for key, (name, kind) in _CHOICES.items():
        if key in said:
            # What makes no sense, alone or beside what came before it, is left out.
            with suppress(QuantizeError, ValueError):
                settings = choose(settings, **{name: kind(said[key][0])})
    return settings
