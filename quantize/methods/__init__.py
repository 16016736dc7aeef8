"""Ways to find the colours of a palette: ``table`` has a record for each, the rest is how they do it."""
