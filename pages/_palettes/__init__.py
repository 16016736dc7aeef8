"""Parts of the page about palettes."""
