"""The picture on a link's preview card, made when somebody's messenger asks for it."""

from dataclasses import replace

from pages import _cache
from pages._choices import Region, clip
from pages._palettes.results import find_palette
from pages._references import PictureRef
from pages._server.link import YOURS, Link
from pages._tables import shown_table
from pages._yours.results import find_settings
from quantize import Quantized, QuantizeError, Settings
from quantize.measuring.soft import over
from quantize.rendering.card import CARD_WIDTH, draw_card
from quantize.rendering.previews import grid


def draw(link: Link) -> bytes:
    """Draw the result that a link leads to, and the part of it that is looked at.

    Raises
    ------
    QuantizeError
        If the link names a shared picture that is not there, or it takes longer than a visitor's work may.
    """
    choices = link.choices
    if choices.own:
        raise QuantizeError("link must name a picture that is kept, got an upload: share it")
    if choices.share:
        _cache.open_shares().look(choices.share)  # else a card would outlive its picture
        source = _cache.shared_picture(choices.share)
    else:
        source = _cache.sample(choices.sample)
    part = clip(choices.at, source.size)
    settings = link.settings
    if link.page == YOURS:
        settings = find_settings(source, choices, shown_table(choices))
    key = "card", source.digest, settings.resolved(), link.merge, part
    work = _cache.work_of(settings)
    work = _cache.Work.SHORT if work is _cache.Work.QUICK else work
    return _cache.kept(key, lambda: _draw(source, settings, link.merge, part), work)


def _draw(source: PictureRef, settings: Settings, merge: float, part: Region | None) -> bytes:
    result = find_palette(source, settings, merge, lambda: None)
    left, top, width, height = part or (0, 0, *source.size)
    rows, columns = grid((height, width), CARD_WIDTH)
    rows = slice(top + rows.start, top + height, rows.step)
    columns = slice(left + columns.start, left + width, columns.step)
    cut = _cache.open_result(result).cut(_cache.open_pixels(source), rows, columns)
    return draw_card(_on_white(cut))


def _on_white(result: Quantized) -> Quantized:
    """A result as a messenger shows it: opaque. What is softly there lies on white."""
    if result.opacities is None:
        return replace(result, alpha=None)
    return replace(result, palette=over(result.entries, 255), opacities=None, alpha=None)
