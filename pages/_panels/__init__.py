"""Parts of the page about e-paper panels."""
