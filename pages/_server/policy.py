"""What a browser may do on a page of ours: its content security policy."""

import base64
import hashlib
import re

from pages import _host

_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.S)


def policy(html: bytes, embedded: bool) -> str:
    """Content security policy of a page: everything from this server, and nowhere in a foreign frame.

    Parameters
    ----------
    html : bytes
        The page; scripts that stand in it are allowed by their hash.
    embedded : bool
        Whether the address asks for the viewer alone, which may be framed anywhere.
    """
    hashes = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in _SCRIPT.findall(html)]
    scripts = " ".join(["'self'", "blob:", *(f"'sha256-{text}'" for text in hashes)])
    # Left out, it allows what "*" does not: a page that somebody opens from their disk.
    framed = [] if embedded else [" ".join(["frame-ancestors 'self'", *frames()])]
    return "; ".join(
        [
            "default-src 'self'",
            # Components bring their JavaScript as blobs.
            f"script-src {scripts}",
            # Streamlit writes its styles into the page while it runs.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "connect-src 'self' blob: data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            *framed,
        ]
    )


def frames() -> list[str]:
    """Sites that may show the whole app in a frame, as the host set them."""
    given = _host.text("QUANTIZE_FRAME_ANCESTORS").split()
    return [site for site in given if re.fullmatch(r"https?://[A-Za-z0-9.*:\-]+", site)]
