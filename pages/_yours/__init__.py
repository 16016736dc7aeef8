"""Parts of the page about one's own palette."""
