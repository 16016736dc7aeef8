"""Settings for all tests."""

from hypothesis import settings

# A machine that is busy with something else is no reason to fail: where time matters, a test measures it.
settings.register_profile("patient", parent=settings(), deadline=None)
settings.load_profile("patient")
