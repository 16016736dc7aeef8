"""The one exception of the engine, with texts that a user can act on."""


class QuantizeError(ValueError):
    """Input or a choice that cannot be used.

    The message is one sentence for the person who gave the input: what was expected, what came and
    what to do. Pages show it as it is; the command line prints it and exits with code 2.
    """
