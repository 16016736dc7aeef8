"""E-paper panels: ``table`` has a record for each, ``showing`` makes of a picture what it can show."""
