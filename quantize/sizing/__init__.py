"""Smaller files: what a picture costs in each kind of file, fitting it into so many bytes, the best PNG."""
