"""All kinds of files that people bring as a picture, said in one place.

A record says what a kind is called, how its files' names end, how its content begins, and which of Pillow's
plugins decode it; or, where nothing does, what to do instead. Content decides what a file is, never its name:
endings are for file dialogs and for people.
"""

from __future__ import annotations

from dataclasses import dataclass

from quantize.records import Records

Sign = tuple[int, bytes]
"""Bytes that stand at an offset of every file of a kind."""

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")


@dataclass(frozen=True)
class PictureFormat:
    """A kind of file that is read.

    ``plugins`` maps the names that Pillow knows its decoders by to the modules that hold them, as
    ``{"JPEG": "Jpeg"}``; a format without any has an opener of its own in ``openers``.
    """

    key: str
    endings: tuple[str, ...]
    signs: tuple[Sign, ...]
    plugins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refused:
    """A kind of file that is not read: what it is and a way out, as the end of a sentence."""

    name: str
    endings: tuple[str, ...]
    signs: tuple[Sign, ...]
    way_out: str = "export it as PNG first"


def _boxed(*brands: bytes) -> tuple[Sign, ...]:
    """List signs of files that are made of ISO's boxes, by the brand in their first."""
    return tuple((4, b"ftyp" + brand) for brand in brands)


AVIF = PictureFormat("AVIF", (".avif", ".avifs"), _boxed(b"avif", b"avis"), (("AVIF", "Avif"),))
HEIC = PictureFormat("HEIC", (".heic", ".heif", ".hif"), _boxed(*_HEIC_BRANDS))
JPEG_XL = PictureFormat("JPEG XL", (".jxl",), ((0, b"\xff\x0a"), (0, b"\0\0\0\x0cJXL \r\n\x87\n")))
ICO = PictureFormat("ICO", (".ico",), ((0, b"\0\0\1\0"),), (("ICO", "Ico"),))
TGA = PictureFormat("TGA", (".tga",), (), (("TGA", "Tga"),))
PICTURE_FORMATS = Records("picture format", (
    PictureFormat("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".pjpeg", ".pjp"),
           ((0, b"\xff\xd8\xff"),), (("JPEG", "Jpeg"), ("MPO", "Mpo"))),
    PictureFormat("PNG", (".png", ".apng"), ((0, b"\x89PNG\r\n\x1a\n"),), (("PNG", "Png"),)),
    PictureFormat("WebP", (".webp",), ((8, b"WEBP"),), (("WEBP", "WebP"),)),
    PictureFormat("GIF", (".gif",), ((0, b"GIF8"),), (("GIF", "Gif"),)),
    PictureFormat("BMP", (".bmp", ".dib"), ((0, b"BM"), (0, b"\x28\0\0\0")),
                  (("BMP", "Bmp"), ("DIB", "Bmp"))),
    PictureFormat("TIFF", (".tif", ".tiff"), ((0, b"II*\0"), (0, b"MM\0*"), (0, b"II+\0"), (0, b"MM\0+")),
           (("TIFF", "Tiff"),)),
    AVIF, HEIC,
    JPEG_XL,
    PictureFormat("JPEG 2000", (".jp2", ".j2k", ".jpf", ".jpx", ".j2c", ".jpc"),
           ((0, b"\0\0\0\x0cjP  \r\n\x87\n"), (0, b"\xff\x4f\xff\x51")), (("JPEG2000", "Jpeg2K"),)),
    ICO,
    PictureFormat("QOI", (".qoi",), ((0, b"qoif"),), (("QOI", "Qoi"),)),
    PictureFormat("PPM", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
           tuple((0, b"P" + kind + space) for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"f", b"F")
                 for space in (b"\n", b" ", b"\r", b"\t")), (("PPM", "Ppm"),)),
    TGA,
))  # fmt: skip
"""What is read, the usual first. TGA begins with nothing of its own: it is what is left to try."""

_RAW_WAY_OUT = "develop it in your camera's program, darktable or RawTherapee, and export a JPEG or PNG"
_LAYERS_WAY_OUT = "export it there as PNG, or open it on photopea.com and save a PNG"

RAW = Refused(
    "a camera raw file", (".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".pef"),
    (*_boxed(b"crx"), (8, b"CR\2\0"), (0, b"IIRO"), (0, b"IIRS"), (0, b"IIU\0"), (0, b"MMOR"),
     (0, b"FUJIFILMCCD-RAW"), (0, b"FOVb")),
    _RAW_WAY_OUT,
)  # fmt: skip
SVG = Refused("an SVG, a drawing of lines and shapes", (".svg", ".svgz"), ())

REFUSED = (
    RAW,
    Refused("a Photoshop file (PSD)", (".psd", ".psb"), ((0, b"8BPS"),), _LAYERS_WAY_OUT),
    Refused("a PDF document", (".pdf", ".ai"), ((0, b"%PDF"),), "export its page as PNG, or a screenshot"),
    Refused("a PostScript file (EPS)", (".eps", ".ps"), ((0, b"%!PS"), (0, b"\xc5\xd0\xd3\xc6"))),
    Refused("a GIMP file (XCF)", (".xcf",), ((0, b"gimp xcf"),), _LAYERS_WAY_OUT),
    Refused("a Krita file", (".kra",), ((30, b"mimetypeapplication/x-krita"), (38, b"application/x-krita")),
            "export it in Krita as PNG"),
    Refused("an OpenRaster file", (".ora",), ((38, b"image/openraster"),)),
    Refused("an Affinity file", (".afphoto", ".afdesign"), ((0, b"\0\xffKA"),), "export it there as PNG"),
    Refused("a Paint.NET file", (".pdn",), ((0, b"PDN3"),), "save it in Paint.NET as PNG"),
    Refused("a PaintShop file", (".psp", ".pspimage"), ((0, b"Paint Shop Pro Image"),)),
    Refused("an Aseprite file", (".aseprite", ".ase"), ((4, b"\xe0\xa5"),), "export it in Aseprite as PNG"),
    Refused("an OpenEXR picture", (".exr",), ((0, b"v/1\x01"),)),
    Refused("a Radiance HDR picture", (".hdr",), ((0, b"#?RADIANCE"), (0, b"#?RGBE"))),
    Refused("a DDS texture", (".dds",), ((0, b"DDS "),)),
    Refused("a KTX texture", (".ktx", ".ktx2"), ((1, b"KTX "),)),
    Refused("a Windows metafile", (".wmf", ".emf"), ((0, b"\xd7\xcd\xc6\x9a"), (40, b" EMF"))),
    Refused("a DjVu document", (".djvu",), ((0, b"AT&TFORM"),)),
    Refused("a JPEG XR picture", (".jxr", ".wdp"), ((0, b"II\xbc\x01"),)),
    Refused("an Apple icon file", (".icns",), ((0, b"icns"),)),
    Refused("a cursor", (".cur",), tuple((0, b"\0\0\2\0" + bytes([n, 0])) for n in range(1, 33))),
    Refused("a video", (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"),
            ((4, b"ftyp"), (4, b"moov"), (4, b"mdat"), (4, b"wide"), (0, b"\x1aE\xdf\xa3"), (8, b"AVI "),
             (0, b"\0\0\1\xba"), (0, b"FLV\1")),
            "take a screenshot of a frame, or save one as PNG"),
    Refused("a sound", (".mp3", ".wav", ".ogg", ".flac"),
            ((0, b"ID3"), (8, b"WAVE"), (0, b"OggS"), (0, b"fLaC")), "choose a picture instead"),
    Refused("an office document or a ZIP archive", (".zip", ".docx", ".pptx"), ((0, b"PK\3\4"),),
            "unpack it and take one picture out"),
    Refused("an old office document", (".doc", ".ppt"), ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),),
            "save the picture in it as a file of its own"),
    Refused("an archive", (".gz", ".7z", ".rar"),
            ((0, b"\x1f\x8b"), (0, b"7z\xbc\xaf\x27\x1c"), (0, b"Rar!\x1a\x07")),
            "unpack it and take one picture out"),
)  # fmt: skip
"""What is named and not read."""


def find_format(data: bytes) -> PictureFormat | None:
    """Find the kind of file that content claims to be, if it is one that is read."""
    kind = next((kind for kind in PICTURE_FORMATS.values() if _bears(kind.signs, data)), None)
    if kind is HEIC and any(brand in data[16 : data[3]] for brand in (b"avif", b"avis")):
        return AVIF  # the first brand may be the general one
    return kind


def picture_format(data: bytes) -> str | None:
    """Name the format that ``data`` claims to be, if it is one that is read here; else None."""
    kind = find_format(data)
    return kind.key if kind else None


def find_refused(data: bytes) -> Refused | None:
    """Find the kind of file that content is, if it is one that is named and not read."""
    return next((kind for kind in REFUSED if _bears(kind.signs, data)), None)


def _bears(signs: tuple[Sign, ...], data: bytes) -> bool:
    return any(data.startswith(sign, offset) for offset, sign in signs)


def in_words() -> str:
    """List all formats that are read, as a sentence names them."""
    *most, last = PICTURE_FORMATS
    return f"{', '.join(most)} or {last}"
