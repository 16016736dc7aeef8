"""The picture on a link's preview card, made when somebody's messenger asks for it."""

from pages import _cache
from pages._link import Link
from quantize import Picture, quantize_image
from quantize.card import CARD_WIDTH, draw_card
from quantize.previews import preview
from quantize.samples import FIRST


def draw(link: Link) -> bytes:
    """Quantize a link's picture at the size of a card and draw it.

    Raises
    ------
    QuantizeError
        If the link names a shared picture that is not there.
    """
    if link.share:
        _cache.open_shares().look(link.share)  # else a card would outlive its picture
    return _cache.kept(("card", link), lambda: _draw(link))


def _draw(link: Link) -> bytes:
    source = _cache.shared_picture(link.share) if link.share else _cache.sample(link.sample or FIRST)
    alpha = None if source.alpha is None else preview(source.alpha, CARD_WIDTH)
    small = Picture.from_pixels(preview(source.pixels, CARD_WIDTH), alpha)
    if not small.opacity.n_visible:
        small = source  # all that is visible fell between the pixels of the small one
    return draw_card(quantize_image(small, link.settings))
