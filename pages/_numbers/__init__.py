"""Parts of the page about paint by numbers."""
