"""Paint by numbers: regions that a brush can fill, a number in each, as pages to print."""
