"""Animations: all frames in, one palette, all frames out, and what stood still stands still."""
