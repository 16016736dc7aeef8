// The colour scale of errors: 0 dark, MAX_ERROR and above light. Even steps of Oklab lightness, so equal steps of
// error look equal, also to people who see colours differently; the hue runs from violet over red to yellow.
// Oklab: Björn Ottosson, https://bottosson.github.io/posts/oklab/

const MAX_ERROR = 20
const HEAT = Array.from({ length: 256 }, (_, level) => heatColor(level / 255))
const HEAT_WORDS = Uint32Array.from(HEAT, ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0)

function oklchToLinear(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos(hue * DEGREE), chroma * Math.sin(hue * DEGREE)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

// As much chroma as sRGB has room for, so that no channel is cut off and the lightness stays true.
function heatColor(part) {
  const [lightness, hue] = [0.2 + 0.77 * part, 300 + 165 * part]
  let chroma = 0.02 + 0.18 * Math.sin(Math.PI * part)
  const outside = () => oklchToLinear(lightness, chroma, hue).some((value) => value < 0 || value > 1)
  while (chroma > 0 && outside()) chroma -= 0.002
  const encode = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)
  return oklchToLinear(lightness, chroma, hue).map((value) => Math.round(255 * encode(clamp(value, 0, 1))))
}

const heatLevel = (error) => Math.min(Math.round((error / MAX_ERROR) * 255), 255)

// A CSS gradient for the legend.
function heatGradient() {
  const stops = HEAT.filter((_, level) => level % 15 === 0).map((color) => `rgb(${color.join(" ")})`)
  return `linear-gradient(to right, ${stops.join(", ")})`
}
