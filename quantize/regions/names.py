"""Names of files, as what XML and every reader of JSON can hold."""

import re

# "Char" of XML 1.0, and surrogates, which stand for bytes of a file's name that are no UTF-8.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\uffff\U00010000-\U0010ffff]|[\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Drop what XML 1.0 cannot hold; surrogates become U+FFFD, the sign for what cannot be read."""
    return _NO_CHARACTER.sub("", _SURROGATE.sub("\ufffd", text))
