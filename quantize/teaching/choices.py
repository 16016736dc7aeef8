"""Which choices have to be said, so that settings come out as they are.

Code that names everything is hard to read. What is a default, what a method does by itself and what has no
effect is left out; a preset says several choices in one word.
"""

from dataclasses import fields
from typing import Any

from quantize.errors import QuantizeError
from quantize.methods.task import SEARCH_CHOICES
from quantize.settings import Settings, choose, preset_of

_DEFAULT_PRESET = "numbers"
_COLORS = ("keep", "palette")


def list_choices(settings: Settings, *, presets: bool = True) -> dict[str, Any]:
    """List the choices that make settings, as few as say the same.

    Parameters
    ----------
    settings : Settings
    presets : bool
        Whether a preset may say several of them.

    Returns
    -------
    dict
        Names of fields of ``Settings``, ``preset`` perhaps among them, and values; ``n_colors`` comes first,
        unless a palette says it. ``choose(**result).resolved()`` equals ``settings.resolved()``.
    """
    wanted = settings.resolved()
    preset = preset_of(settings) if presets else None
    best: dict[str, Any] = {}
    for start in ({}, {"preset": preset}) if preset not in (None, _DEFAULT_PRESET) else ({},):
        found = _fewest(settings, wanted, start)
        if not best or len(found) < len(best):
            best = found
    return best


def _fewest(settings: Settings, wanted: Settings, start: dict[str, Any]) -> dict[str, Any]:
    """Say every choice that is not as by itself, then take back what turns out to change nothing."""
    said = {**_all(settings), **start}
    for name in reversed(list(said)):
        rest = {other: value for other, value in said.items() if other != name}
        if name not in ("n_colors", *start) and _means(rest, wanted):
            said = rest
    return said


def _all(settings: Settings) -> dict[str, Any]:
    """List every choice that may be said: of a fixed palette not what it leaves without effect."""
    default = Settings()
    idle = ("n_colors", "method", "rare", "keep", *SEARCH_CHOICES) if settings.palette else ()
    said = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {
        name: list(value) if name in _COLORS else value
        for name, value in said.items()
        if name not in idle and (name == "n_colors" or value != getattr(default, name))
    }


def _means(choices: dict[str, Any], wanted: Settings) -> bool:
    try:
        return choose(**choices).resolved() == wanted
    except QuantizeError:  # what is left belongs to a choice that was taken back
        return False
