"""Parts of the page that shows k-means at work."""
