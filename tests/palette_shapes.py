"""Palette files of any length that are built to be slow: deep, of many tiny entries, with long or many names.

A file that says one thing again and again (``palette_files.repeated``) finds readers that start anew at each
token; these find those that look through all names for each name, copy a path for each level, or follow one
entry to another.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from tests.palette_files import archive, riff

Shape = Callable[[int], bytes]


def _many(unit: str, start: str = "", end: str = "") -> Shape:
    """One entry again and again, each with a number of its own; of two numbers the second is the next."""

    def make(length: int) -> bytes:
        longest = len(unit.replace("%d", "100000").replace("%06x", "000000"))
        numbers = range(max(1, (length - len(start) - len(end)) // longest))
        fields = unit.count("%")
        rows = (unit % tuple(100_000 + number + field for field in range(fields)) for number in numbers)
        return (start + "".join(rows) + end).encode()

    return make


def _deep(opening: str, closing: str, start: str = "", middle: str = "", end: str = "") -> Shape:
    def make(length: int) -> bytes:
        times = (length - len(start + middle + end)) // len(opening + closing)
        return (start + opening * times + middle + closing * times + end).encode()

    return make


def _long(before: str, after: str, piece: str = "x") -> Shape:
    def make(length: int) -> bytes:
        return (before + piece * ((length - len(before + after)) // len(piece)) + after).encode()

    return make


def _paired(first: str, second: str, start: str = "", between: str = "", end: str = "") -> Shape:
    """Half of a file is of one kind, half of another that looks it up."""

    def make(length: int) -> bytes:
        half = (length - len(start + between + end)) // 2
        return _many(first, start, between)(half) + _many(second, "", end)(half)

    return make


def _token(n_levels: int, value: str = "#fff") -> str:
    return '{"a":' * n_levels + f'{{"$value":"{value}"}}' + "}" * n_levels


def _ase_blocks(kind: int, body: bytes) -> Shape:
    def make(length: int) -> bytes:
        block = struct.pack(">HI", kind, len(body)) + body
        times = (length - 12) // len(block)
        return b"ASEF\0\1\0\0" + struct.pack(">I", times) + block * times

    return make


def _ase_name(length: int) -> bytes:
    """As many colours as fit, whose names are as long as they can be said to be."""
    n_letters = min(65_535, length // 4)
    body = (
        struct.pack(">H", n_letters)
        + b"\0a" * (n_letters - 1)
        + b"\0\0"
        + b"RGB "
        + struct.pack(">3fH", 1, 0, 0, 2)
    )
    return _ase_blocks(1, body)(length)


def _aco_names(length: int) -> bytes:
    n_colors = min(65_535, length // 100)
    colors = struct.pack(">5H", 0, 1, 2, 3, 0) * n_colors
    name = b"\0a" * 40 + b"\0\0"
    named = b"".join(
        struct.pack(">5H", 0, number & 0xFFFF, 2, 3, 0) + struct.pack(">I", 41) + name
        for number in range(n_colors)
    )
    head = struct.pack(">HH", 1, n_colors), struct.pack(">HH", 2, n_colors)
    return head[0] + colors + head[1] + named


def _chunks(length: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    tail = chunk(b"IDAT", zlib.compress(b"\0abc")) + chunk(b"IEND", b"")
    return head + chunk(b"tEXt", b"a\0b") * ((length - len(head + tail)) // 15) + tail


def _members(length: int) -> bytes:
    """An archive of very many files of which one is wanted."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("Swatches.json", '{"swatches":[{"hue":0,"saturation":1,"brightness":1}]}')
        for number in range(length // 120):
            packed.writestr(f"{number}", b"")
    return file.getvalue()


def _packed(name: str, shape: Shape) -> Shape:
    """An archive of one member, which is so long unpacked."""
    return lambda length: archive(**{name: shape(length)})


SHAPES: dict[str, Shape] = {
    # Code
    "css, many variables": _many("--a%d:#%06x;", ":root{", "}"),
    "css, many uses": _many("--a%d:var(--a%d);", ":root{", "}"),
    "css, a chain of uses": _many("--a%d:var(--a%d);", ":root{", "--a100001:red}"),
    "css, variables and uses": _paired("--a%d:#%06x;", "--b%d:var(--a%d);", ":root{", "", "}"),
    "css, many rules": _many(".a%d{color:#%06x}"),
    "css, many selectors": _many(".a%d,", "", "{color:red}"),
    "css, one color often": _many("--a%d:red;", ":root{", "}"),
    "css, names in common": _many("--a%d:#fff;--a:#%06x;", ":root{", "}"),
    "css, a long name": _long("--", ":red;"),
    "css, long names": _long("", "--z:red", "--" + "x" * 9000 + ":#fff;"),
    "css, a long value": _long("--a:", ";", "#fff "),
    "css, many arguments": _long("--a:rgb(", ");", "1 "),
    "css, deep blocks": _deep("a{", "}", "", "--a:red;"),
    "css, deep functions": _deep("rgb(", ")", "--a:", "1", ";"),
    "css, deep fallbacks": _deep("var(--a,", ")", "--a:", "red", ";"),
    "css, deep calc": _deep("calc(1 + ", ")", "--a:rgb(1 2 ", "1", ");"),
    "css, deep media": _deep("@media x{", "}", "", "a{color:red}"),
    "css, a long comment": _long("/*", "*/--a:red;", "* "),
    "css, many comments": _long("--a:", "red;", "/**/"),
    "css, escapes": _long("--", ":red;", "\\61 "),
    "css, a long string": _long('--a:"', '";--b:red;', "\\a "),
    "scss, many variables": _many("$a%d:#%06x;"),
    "scss, a chain of variables": _many("$a%d:$a%d;", "", "$a100001:red;"),
    "scss, variables and uses": _paired("$a%d:#%06x;", "$b%d:$a%d;"),
    "scss, a large map": _many("a%d:#%06x,", "$m:(", ");"),
    "scss, many maps": _many("$m%d:(a:#%06x);"),
    "scss, a deep map": _deep("(a:", ")", "$m:", "red", ";"),
    "scss, a deep map that goes on": _deep("(a:", ",b:red)", "$m:", "red", ";"),
    "scss, a map with a long key": _long("$m:(", ":(a:red,b:#fff));"),
    "scss, deep rules": _deep("a{$b:red;", "}"),
    "scss, line comments": _long("", "$a:red;", "//\n"),
    "less, many variables": _many("@a%d:#%06x;"),
    "less, a chain of variables": _many("@a%d:@a%d;", "", "@a100001:red;"),
    "tailwind, many": _many("--color-a%d:#%06x;", "@theme{", "}"),
    "tailwind, a configuration": _many("a%d:'#%06x',", "module.exports={theme:{colors:{", "}}}"),
    "tailwind, a deep configuration": _deep("a:{", "}", "module.exports={theme:{colors:{", "b:'#fff'", "}}}"),
    # Tokens
    "json, many tokens": _many('"a%d":{"$value":"#%06x"},', "{", '"z":{"$value":"#fff"}}'),
    "json, many in a list": _many('"#%06x",', "[", '"#fff"]'),
    "json, many lists": _many("[1,2,%d],", "[", "[1,2,3]]"),
    "json, deep tokens": lambda length: _token(length // 6).encode(),
    "json, deep tokens that go on": _deep('{"a":', ',"b":"#fff"}', "", '"#fff"'),
    "json, branches": lambda length: (
        '{"z":"#fff",' + ",".join(f'"{n}":{_token(40)}' for n in range(max(1, length // 270))) + "}"
    ).encode(),
    "json, deep lists": _deep("[", "]", "", '"#fff"'),
    "json, a chain of aliases": _many(
        '"a%d":{"$value":"{a%d}"},', "{", '"a100001":{"$value":"#fff"}}'
    ),
    "json, aliases of many": _paired(
        '"a%d":{"$value":"#%06x"},', '"b%d":{"$value":"{a%d}"},', "{", "", '"z":"#fff"}'
    ),
    "json, a long name": _long('{"', '":"#fff"}'),
    "json, a long group": _long('{"', '":{"a":"#fff","b":"#aaa"}}'),
    "json, a long number": _long("[[1,2,", "]]", "9"),
    "json, a long exponent": _long("[[1,2,1e", "]]", "0"),
    "json, blanks": _long("[", '"#fff"]', " "),
    "json, escapes": _long('{"', '":"#fff"}', "\\u0061"),
    "json, the same key": _long("{", '"a":"#aaa"}', '"a":"#fff",'),
    # Documents
    "svg, many elements": _many('<rect id="a%d" fill="#%06x"/>', "<svg>", "</svg>"),
    "svg, many titles": _many('<rect fill="#%06x"><title>a%d</title></rect>', "<svg>", "</svg>"),
    "svg, classes and elements": _paired(
        ".a%d{fill:#%06x}", '<rect class="a%d"/>', "<svg><style>", "</style>", "</svg>"
    ),
    "svg, an element of many classes": _many("a%d ", '<svg><rect fill="red" class="', '"/></svg>'),
    "svg, elements of many attributes": _many('a%d="" ', "<svg><rect ", 'fill="red"/></svg>'),
    "svg, many styles": _many("<style>.a%d{fill:#%06x}</style>", "<svg>", "</svg>"),
    "svg, deep groups": _deep("<g>", "</g>", "<svg>", '<rect fill="red"/>', "</svg>"),
    "svg, deep groups with titles": _deep(
        "<g><title>a</title>", "</g>", "<svg>", '<rect fill="red"/>', "</svg>"
    ),
    "svg, groups that stay open": _long('<svg><rect fill="red"/>', "", "<g>"),
    "svg, a long title": _long('<svg><rect fill="red"><title>', "</title></rect></svg>"),
    "svg, a title of references": _long('<svg><rect fill="red"><title>', "</title></rect></svg>", "&amp;"),
    "svg, a long id": _long('<svg><rect fill="red" id="', '"/></svg>'),
    "svg, a long style": _long('<svg><rect style="', '"/></svg>', "fill:red;"),
    "svg, gradients and uses": _paired(
        '<linearGradient id="a%d"><stop stop-color="#%06x"/></linearGradient>', '<rect fill="url(#a%d)"/>',
        "<svg>", "", "</svg>",
    ),
    "svg, entities": _many('<!ENTITY a%d "#%06x">', "<!DOCTYPE svg [", ']><svg><rect fill="red"/></svg>'),
    "svg, entities and uses": _paired(
        '<!ENTITY a%d "#%06x">', '<rect fill="&a%d;"/>', "<!DOCTYPE svg [", "]><svg>",
        '<rect fill="red"/></svg>',
    ),
    "svg, namespaces": _many('xmlns:a%d="urn:a" ', "<svg ", '><rect fill="red"/></svg>'),
    "svg, data": _long('<svg><rect fill="red"/>', "</svg>", "<![CDATA[a]]>"),
    "xml, many": _many('<color name="a%d">#%06x</color>', "<resources>", "</resources>"),
    "xml, a chain": _many(
        '<color name="a%d">@color/a%d</color>', "<resources>",
        '<color name="a100001">#fff</color></resources>',
    ),
    "xml, scribus": _many('<COLOR NAME="a%d" RGB="#%06x"/>', "<SCRIBUSCOLORS>", "</SCRIBUSCOLORS>"),
    "soc, many": _many(
        '<draw:color draw:name="a%d" draw:color="#%06x"/>',
        '<office:color-table xmlns:draw="urn:d" xmlns:office="urn:o">', "</office:color-table>",
    ),
    # Lines
    "gpl, many": _many("1 2 3 a%d\n", "GIMP Palette\nName: a\n#\n"),
    "gpl, remarks": _many("#%d\n", "GIMP Palette\n", "1 2 3\n"),
    "gpl, a long name": _long("GIMP Palette\n1 2 3 ", "\n"),
    "gpl, a long number": _long("GIMP Palette\n", " 2 3\n", "1"),
    "gpl, one long line": _long("GIMP Palette\n", "\n", "1 2 3 "),
    "jasc, many": _many("1 2 %d\n", "JASC-PAL\n0100\n9\n"),
    "jasc, a long number": _long("JASC-PAL\n0100\n1\n", " 2 3\n", "1"),
    "hex, many": _many("%06x\n"),
    "hex, remarks": _many(";%d\n", "", "ff0000\n"),
    "hex, a long line": _long("", "\n", "ff0000"),
    "paintnet, many": _many("FF%06x\n", ";paint.net Palette File\n"),
    "corel, many": _many('"a%d" 0 0 0 100\r\n'),
    "corel, a long name": _long('"', '" 0 0 0 100\r\n'),
    "list, many": _many("a%d: #%06x\n"),
    "list, functions": _many("rgb(1 2 %d)\n"),
    "list, a long name": _long("", ": #fff, red\n", "a "),
    "list, names of CSS": _long("", "red\n", "lightgoldenrodyellow, "),
    "list, one word of many": _long("", " red, #fff", "lightgoldenrodyellow"),
    "list, deep": _deep("(", ")", "red ", "#fff"),
    # Not texts
    "ase, many groups": _ase_blocks(0xC001, b"\0\1\0\0"),
    "ase, many ends": _ase_blocks(0xC002, b""),
    "ase, many colors": _ase_blocks(1, b"\0\1\0\0RGB " + struct.pack(">3fH", 1, 0, 0, 2)),
    "ase, unknown blocks": _ase_blocks(7, b""),
    "ase, long names": _ase_name,
    "aco, many names": _aco_names,
    "riff, many": lambda length: riff(*[b"abc"] * min(65_535, length // 4)),
    "png, many chunks": _chunks,
    "zip, many members": _members,
    "krita, many": _packed(
        "colorset_xml",
        _many(
            '<ColorSetEntry name="a%d"><RGB r="1" g="0" b="0"/></ColorSetEntry>', "<ColorSet>", "</ColorSet>"
        ),
    ),
    "krita, groups": _packed(
        "colorset_xml",
        _deep(
            "<Group name='a'>", "</Group>", "<ColorSet>",
            '<ColorSetEntry><RGB r="1" g="0" b="0"/></ColorSetEntry>', "</ColorSet>",
        ),
    ),
    "procreate, many": _packed(
        "Swatches_json", _many('{"hue":0.%d,"saturation":1,"brightness":1},', '{"swatches":[', "null]}")
    ),
    "procreate, empty": _packed("Swatches_json", _long('{"swatches":[', "null]}", "null,")),
    "procreate, profiles": _packed(
        "Swatches_json",
        _many(
            '{"hash":"%d","iccData":""},', '{"colorProfiles":[',
            '{}],"swatches":[{"hue":0,"saturation":1,"brightness":1,"colorProfile":"100001"}]}',
        ),
    ),
}  # fmt: skip
"""Files by what they are built of."""
