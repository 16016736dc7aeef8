"""Palette files, both ways: ``formats`` has a record for each, one module reads and writes a family."""
