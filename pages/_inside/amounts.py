"""Errors and ways as the page that shows k-means at work says them: as its player does (``run_words.js``)."""


def say_amount(value: float) -> str:
    """Say a number of at least 0 with one digit after the point, or of small ones up to three."""
    if 0 < value < 1:
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return f"{value:,.1f}"
