"""Parts of the page about animations."""
