// sRGB to CIELAB (D65, 2°) and the colour difference CIEDE2000: Sharma, Wu, Dalal, "The CIEDE2000 color-difference
// formula", Color Res. Appl. 30 (2005), doi 10.1002/col.20070; numbers in brackets are its equations.
// A colour is a number 0xRRGGBB.

const WHITE = [0.95047, 1, 1.08883]
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})
const DEGREE = Math.PI / 180
const POWER = 25 ** 7

const toHex = (color) => `#${color.toString(16).padStart(6, "0")}`
const fromHex = (hex) => parseInt(hex.slice(1), 16)

function toLab(color) {
  const [red, green, blue] = [LINEAR[color >> 16], LINEAR[(color >> 8) & 255], LINEAR[color & 255]]
  const xyz = [
    0.412453 * red + 0.35758 * green + 0.180423 * blue,
    0.212671 * red + 0.71516 * green + 0.072169 * blue,
    0.019334 * red + 0.119193 * green + 0.950227 * blue,
  ]
  const [x, y, z] = xyz.map((value, axis) => {
    const ratio = value / WHITE[axis]
    return ratio > 0.008856 ? Math.cbrt(ratio) : 7.787 * ratio + 16 / 116
  })
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

// chroma⁷ / (chroma⁷ + 25⁷); written out, as ** is slow and this runs for every pixel of an error map.
function share7(chroma) {
  const cube = chroma * chroma * chroma
  const seventh = cube * cube * chroma
  return seventh / (seventh + POWER)
}

function hueOf(a, b) {
  return a === 0 && b === 0 ? 0 : Math.atan2(b, a) / DEGREE + (b < 0 ? 360 : 0)
}

function deltaE00([L1, a1, b1], [L2, a2, b2]) {
  const length = (a, b) => Math.sqrt(a * a + b * b) // Math.hypot takes several times as long
  const chroma = (length(a1, b1) + length(a2, b2)) / 2 // (3)
  const G = 0.5 * (1 - Math.sqrt(share7(chroma))) // (4)
  const [A1, A2] = [(1 + G) * a1, (1 + G) * a2] // (5)
  const [C1, C2] = [length(A1, b1), length(A2, b2)] // (6)
  const [h1, h2] = [hueOf(A1, b1), hueOf(A2, b2)] // (7)
  const grey = C1 * C2 === 0
  let turn = grey ? 0 : h2 - h1 // (10)
  if (turn > 180) turn -= 360
  if (turn < -180) turn += 360
  const dH = 2 * Math.sqrt(C1 * C2) * Math.sin((turn * DEGREE) / 2) // (11)
  const [L, C] = [(L1 + L2) / 2, (C1 + C2) / 2] // (12), (13)
  let h = h1 + h2 // (14)
  if (!grey) h = Math.abs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2
  const cos = (degrees) => Math.cos(degrees * DEGREE)
  const T = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63) // (15)
  const SL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2) // (18)
  const SC = 1 + 0.045 * C // (19)
  const SH = 1 + 0.015 * C * T // (20)
  const RC = 2 * Math.sqrt(share7(C)) // (17)
  const RT = -Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * DEGREE) * RC // (16), (21)
  const [l, c, k] = [(L2 - L1) / SL, (C2 - C1) / SC, dH / SH]
  return Math.sqrt(l * l + c * c + k * k + RT * c * k) // (22)
}
