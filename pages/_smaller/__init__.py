"""Parts of the page about smaller files."""
