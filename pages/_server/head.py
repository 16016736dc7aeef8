"""What stands in the head of a page for those who do not run it: messengers, search engines.

Streamlit serves the same bare HTML for every address. Here it gets a title and a preview card (Open
Graph) that say what the link shows.
"""

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from pages._server.link import Link
from quantize.decoding.samples import find_sample
from quantize.rendering.card import CARD_HEIGHT, CARD_WIDTH

DESCRIPTION = (
    "Original beside the result, pixel for pixel. Move the slider, compare colour spaces, "
    "take the palette or the file."
)

_HOST = re.compile(r"[A-Za-z0-9._\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def find_base(headers: Mapping[str, str], scheme: str, public: str) -> str | None:
    """Find the address under which visitors reach this server, without a slash at the end.

    Parameters
    ----------
    headers : mapping
        Of the request, names in lower case. A proxy says in X-Forwarded-Host and -Proto what it was asked.
    scheme : {"http", "https"}
        How the request reached this server itself.
    public : str
        The address as the host sets it; wins where it is not empty.

    Returns
    -------
    str or None
        None if the request names no host that could be one.
    """
    if public:
        parts = urlsplit(public)
        return public.rstrip("/") if parts.scheme in ("http", "https") and parts.netloc else None
    host = headers.get("x-forwarded-host", headers.get("host", "")).split(",")[0].strip()
    given = headers.get("x-forwarded-proto", scheme).split(",")[0].strip()
    if not _HOST.fullmatch(host):
        return None
    return f"{given if given in ('http', 'https') else scheme}://{host}"


def title(link: Link) -> str:
    """What the link shows, in a few words."""
    name = "A picture" if link.choices.share or link.choices.own else find_sample(link.choices.sample).title
    count = f"{link.n_colors} colour" + "s" * (link.n_colors != 1)
    return f"{name} in {'up to ' if link.merge else ''}{count}"


def draw_head(link: Link, page: str | None, picture: str | None) -> str:
    """Write title and card as HTML, for the place of the page's ``<title>``.

    Parameters
    ----------
    link : Link
        What the address says.
    page, picture : str or None
        Whole addresses of the page and of its card's picture; anything may be in them. Without them there
        is no card: those who show one take no others.
    """
    name = title(link)
    tags = [f"<title>{escape(name)}</title>", f'<meta name="description" content="{escape(DESCRIPTION)}">']
    if page and picture:
        card = {
            "og:type": "website",
            "og:site_name": "Colour quantization",
            "og:title": name,
            "og:description": DESCRIPTION,
            "og:url": page,
            "og:image": picture,
            "og:image:type": "image/png",
            "og:image:width": str(CARD_WIDTH),
            "og:image:height": str(CARD_HEIGHT),
            "og:image:alt": name,
        }
        tags += [f'<meta property="{key}" content="{escape(value)}">' for key, value in card.items()]
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    return "".join(tags)
