"""Parts of the page about segments."""
