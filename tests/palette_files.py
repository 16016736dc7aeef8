"""Palette files that are only read, made as their programs make them, and texts that repeat themselves."""

import base64
import json
import struct
import zipfile
from io import BytesIO


def riff(*colors: bytes) -> bytes:
    data = struct.pack("<HH", 0x300, len(colors)) + b"".join(color + b"\0" for color in colors)
    return b"RIFF" + struct.pack("<I", len(data) + 12) + b"PAL data" + struct.pack("<I", len(data)) + data


def archive(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_", "."), content)
    return file.getvalue()


def krita(*swatches: str, profile: bytes | None = None) -> bytes:
    entries = "".join(
        f'<ColorSetEntry name="n{i}">{swatch}</ColorSetEntry>' for i, swatch in enumerate(swatches)
    )
    listed = '<Profiles><Profile name="theirs" filename="theirs.icc"/></Profiles>'
    profiles = {"profiles_xml": listed.encode(), "theirs_icc": profile} if profile else {}
    return archive(colorset_xml=f"<ColorSet version='1.0'>{entries}</ColorSet>".encode(), **profiles)


def procreate(profile: bytes, *swatches: tuple[float, float, float]) -> bytes:
    rows = [
        {"hue": hue, "saturation": saturation, "brightness": brightness, "colorProfile": "h"}
        for hue, saturation, brightness in swatches
    ]
    listed = [{"hash": "h", "iccName": "theirs", "iccData": base64.encodebytes(profile).decode()}]
    return archive(Swatches_json=json.dumps({"swatches": [*rows, None], "colorProfiles": listed}).encode())


VGA = bytes([63, 0, 0, 0, 32, 1]) + bytes(762)

SAMPLES = {
    "vga": [VGA],
    "raw": [bytes(range(3, 195)), bytes(range(256)) * 6],
    "krita": [
        krita(
            '<RGB r="1" g="0.5" b="0"/><Position row="1" column="0"/>',
            '<CMYK c="0" m="1" y="1" k="0"/>',
            '<Lab L="54.29" a="80.8" b="69.89"/>',
            '<XYZ x="0.2" y="0.2" z="0.1"/>',
            '<Gray g="0.5"/>',
        ),
    ],
    "riff": [riff(b"\xff\0\0", b"\0\xff\0", b"\1\2\3")],
    "corel": [b'"Black" 0 0 0 100\r\n"Red" 0 100 100 0\r\n\x1a'],
    "paintnet": [b";paint.net Palette File\n;Colors: 2\nFF10121c\n802c1e31\n"],
    "soc": [
        b'<?xml version="1.0"?><office:color-table xmlns:draw="urn:d" xmlns:office="urn:o">'
        b'<draw:color draw:name="Blue" draw:color="#0000ff"/></office:color-table>',
    ],
    "xml": [
        b'<SCRIBUSCOLORS><COLOR NAME="A" RGB="#102030"/><COLOR NAME="B" CMYK="#ff000000"/></SCRIBUSCOLORS>',
        b'<palette><color cs="RGB" tints="1,0,0.2" name="R"/><color cs="CMYK" tints="1,0,0,0"/></palette>',
        b'<resources><color name="a">#80102030</color><color name="b">@color/a</color></resources>',
    ],
    "less": [b"@ink: #123;\n@map: { a: #456; b: red }\n@media (min-width: 3px) { p { color: #789 } }"],
    "list": [b"Brick: #c00000, teal; rgb(1 2 3)\n#456 Grey\n"],
    "scss": [
        b"$t: (\n 'primary': #0d6efd,\n blue: (100: #00f, 200: #00a)) !default; // it's\n$p: #100, #200;"
    ],
    "css": [b":root{--a: 0 0% 100%; --b: 1, 2, 3} .a{color: red; background: x(#fff, rgb(1 2 3))}"],
    "tailwind": [b"module.exports = { theme: { colors: { brand: '#ff0044', ink: { 50: \"#123\" } } } }"],
    "json": [
        b'{"color":{"brand":{"type":"color","value":{"r":1,"g":0,"b":0.27,"a":1}}}}',
        b'{"brick":"c00000","list":[[1,2,3],[4,5,6]]}',
    ],
    "svg": [
        b'<!DOCTYPE svg [<!ENTITY n "urn:n">]><svg xmlns="&n;"><style>.a{fill:#123}</style>'
        b'<path class="a" style="fill:red; stop-color: #abc"/>'
        b'<rect fill="#456"><title>R</title></rect></svg>',
    ],
    "hex": [b"; mine\n0x102030 Night sky\n#405060\nff00ff80\n"],
    "procreate": [procreate(b"no profile", (0.3, 1, 1), (0.1, 0.5, 0.5))],
}
"""Whole files by the key of their reader, beside those that are written."""

_LETTERS = ("é", "中", "🎨", "𐀀", "٣", "ſ", "\u0301", "\u200d", "\xa0", "\u2028", "\ufffd")
_SIGNS = ("--", "-", "$", "@", "#", ".", ":", ";", "(", "'", "\\", "%", " ")

TOKENS = (
    b'!--', b'!$', b'--a:#fff;', b'rgb(1 2 3),', b'(', b'{', b'[', b'"', b"'", b'`', b'/*', b'//', b'\\',
    b'1', b'-', b'--', b'$a', b'$a:', b'@a', b'@a:', b'a:', b'a:b;', b'a', b'a ', b' ', b'\n', b'\r',
    b'#fff ', b'#', b':', b';', b',', b'=', b'()', b'{}', b'a(', b'url(', b'rgb(', b'<a ', b'<a>',
    b'<!--', b'<', b'&a;', b']]>', b'"#fff",', b'{"a":', b'ff0000\n', b';\n', b'1 2 3\n',
    b'"a" 1 2 3 4\n', b'red,', b'a=', b'.a{color:red}', b'--a:1 2 3;', b"<rect fill='#fff'/>",
    b'<!DOCTYPE a [', b'] ', b'0 0% ', b'$a:(', b'colors:{/', b'mix(', b'rgb(a', b"'rgb(", b'color.',
    "“".encode(),
    "\u0915\u0947".encode(),
    *((letter + sign).encode() for letter in _LETTERS for sign in _SIGNS),
)  # fmt: skip
"""What texts are made of: a reader that starts anew at each of them takes hours for a megabyte."""

STARTS = (
    b"", b"a{", b"--a:red;", b"$a:", b"<svg>", b"<svg ", b'<color a="', b"<svg><style>", b"<!DOCTYPE svg [",
    b"GIMP Palette\n", b"JASC-PAL\n0100\n9\n", b"ff0000\n", b";\nff0000ff\n", b'{"a":"', b"[", b'{"$value":"',
    b'"', b"red\n", b"ASEF\0\1\0\0\0\0\xff\xff", b"\0\1\xff\xff", b"RIFF\0\0\0\0PAL ", b"PK\3\4",
)  # fmt: skip
"""How a file begins, to lead it to each reader."""

SHORT_STARTS = (b"", b"a{", b"$a:", b"<svg>", b"<svg ", b'{"a":"', b"red\n", b"ff0000\n")
"""Those that lead to the readers of texts with a structure."""


def repeated(start: bytes, token: bytes, length: int) -> bytes:
    """A file of a length that begins so and then says one thing again and again."""
    return start + token * ((length - len(start)) // len(token))
