"""Mutated files for every reader of pictures and palettes; see ``python -m benchmarks.fuzz --help``."""
