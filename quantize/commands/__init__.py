"""The command line, one module a command; ``quantize.__main__`` names them."""
