"""Many pictures at once: which files are meant, where results go, one palette for all, and going on later.

>>> found = find_sources(["photos"], Path("small"))  # doctest: +SKIP
>>> for row in convert_all(plan(found.sources, Path("small")), how, folder): ...  # doctest: +SKIP

Files are read by processes of their own (``decoding.worker``), so that one that is damaged costs a line. The
rest is done by threads: codecs and loops let others go on meanwhile, and measured they are as quick as
processes, which would each load the engine.
"""
