"""Parts of the page that compares colour spaces."""
