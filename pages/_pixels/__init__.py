"""Parts of the page about pixel art."""
