"""Side by side with peers: prints tables, asserts nothing."""
