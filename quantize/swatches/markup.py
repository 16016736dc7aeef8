"""XML of anyone, read by expat as it comes: no entity is ever declared or expanded, and nothing is fetched.

Drawing programs declare entities for their namespaces, so a document type's own declarations are taken out
before expat sees the text; a reference to one is then a few characters like others. Expat takes time in
proportion to the length of what it gets in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from quantize.palettes.palette import Palette
from quantize.swatches.reading import Entries, decode_text, is_text, unreadable

_SUBSET_END = re.compile(r"\]\s*+>")
_CHECKED = 4096  # characters in which the first element must come

Attributes = dict[str, str]


def is_markup(data: bytes) -> bool:
    """Tell whether it is a text that begins with a tag."""
    return is_text(data) and data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def has_tag(data: bytes, *names: bytes) -> bool:
    """Tell whether one of the elements stands near the beginning."""
    start = data[:_CHECKED]
    return is_markup(data) and any(b"<" + name in start for name in names)


def read_markup(
    data: bytes, title: str, start: Callable[[str, Attributes], None], end: Callable[[str, str], None]
) -> int | None:
    """Go through the elements, names and attributes without their prefixes.

    ``start`` is called with each element's name and attributes, ``end`` with its name and the text since the
    last tag.

    Returns
    -------
    int or None
        The line of a fault, behind which nothing was read; None if it was read to its end.
    """
    parser, texts = _parser(), list[str]()

    def begin(name: str, attributes: Attributes) -> None:
        texts.clear()
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def finish(name: str) -> None:
        end(_local(name), "".join(texts))
        texts.clear()

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.CharacterDataHandler = texts.append
    parser.SkippedEntityHandler = lambda name, _: texts.append(f"&{name};")
    try:
        parser.Parse(_without_declarations(decode_text(data, title)), True)
    except expat.ExpatError as error:
        return error.lineno
    return None


def finished(entries: Entries, fault: int | None) -> Palette:
    """Return what was read, with a note on a fault behind it.

    Raises
    ------
    QuantizeError
        If no colour was read.
    """
    if fault and not entries.colors:
        raise unreadable(entries.title, f"its XML has a fault in line {fault:,}")
    if fault:
        entries.notes[f"what stands behind a fault in line {fault:,} was left out"] = None
    return entries.palette()


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.UseForeignDTD(True)  # makes a reference that nobody declared no fault
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.EntityDeclHandler = _refuse

    def read_nothing(context: str, *_: str | None) -> int:
        parser.ExternalEntityParserCreate(context).Parse("", True)
        return 1

    parser.ExternalEntityRefHandler = read_nothing
    return parser


def _refuse(*_: object) -> None:
    raise unreadable("XML", "it declares entities where none may be")


def _without_declarations(text: str) -> str:
    """Return the text without what a document type declares in brackets."""
    start = text.find("<!DOCTYPE")
    opened = text.find("[", start)
    if start < 0 or opened < 0 or -1 < text.find(">", start) < opened:
        return text
    closed = _SUBSET_END.search(text, opened)
    return text if closed is None else text[:opened] + text[closed.end() - 1 :]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
