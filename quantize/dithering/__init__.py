"""Ways to mix colours where none fits: ``dither`` has a record for each, ``light`` for what they average."""
