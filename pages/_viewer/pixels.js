// The pixels of what the shelf holds, read once for each picture and only when somebody asks.

const SLICE_MS = 12

async function readPixels(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" })
  const { width, height } = bitmap
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext("2d", { willReadFrequently: true })
  context.drawImage(bitmap, 0, 0)
  const words = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const soft = words.some((word) => word >>> 24 > 0 && word >>> 24 < 255)
  const exact = soft && readExactly(bitmap)
  bitmap.close()
  return { width, height, words: exact || words, soft }
}

// A canvas keeps colours multiplied by alpha, and so rounded: those of partly transparent pixels come back a level
// off. A texture keeps them as they are. null where there is none, or none so large.
function readExactly(bitmap) {
  const { width, height } = bitmap
  const gl = new OffscreenCanvas(1, 1).getContext("webgl")
  if (!gl || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return null
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  const bytes = new Uint8Array(4 * width * height)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes)
  const failed = gl.getError() !== gl.NO_ERROR
  gl.getExtension("WEBGL_lose_context")?.loseContext() // a page may have only some
  return failed ? null : new Uint32Array(bytes.buffer)
}

// Resolves to {width, height, words, soft}; `picture.pixels` is set from then on. Soft: some are partly transparent.
function pixelsOf(picture) {
  return (picture.reading ??= readPixels(picture.blob).then((pixels) => (picture.pixels = pixels)))
}

// Canvas words are 0xAABBGGRR in memory order.
const wordToColor = (word) => ((word & 255) << 16) | (word & 0xff00) | ((word >> 16) & 255)
// Less than half opaque: not in an indexed file, and in no figure.
const isClear = (word) => word >>> 24 < 128

// In what is soft itself, all counts but what is fully transparent.
const isGone = (word, soft) => (soft ? word >>> 24 === 0 : isClear(word))

// Colour of a pixel over a grey.
function over(word, grey) {
  const alpha = word >>> 24
  const mix = (byte) => Math.round(((byte & 255) * alpha + grey * (255 - alpha)) / 255)
  return (mix(word) << 16) | (mix(word >> 8) << 8) | mix(word >> 16)
}

// How far two pixels are apart, by a way to compare colours: where one is soft, as a mean over black and over white.
function apart(first, second, soft, compare) {
  if (!soft) return compare(wordToColor(first), wordToColor(second))
  return (compare(over(first, 0), over(second, 0)) + compare(over(first, 255), over(second, 255))) / 2
}

// The pixel at (u, v), each 0 to 1.
const wordAt = ({ width, height, words }, u, v) => words[Math.floor(v * height) * width + Math.floor(u * width)]

// An image, as large as `pixels`, whose words are given by `paint(word, position)`; as a blob URL. In slices, so
// that the page answers meanwhile; null if `isWanted` says no before it is done.
async function paintOver({ width, height, words }, paint, isWanted = () => true) {
  const image = new ImageData(width, height)
  const out = new Uint32Array(image.data.buffer)
  for (let row = 0; row < height; ) {
    const pause = performance.now() + SLICE_MS
    for (; row < height && performance.now() < pause; row += 1) {
      for (let i = row * width; i < (row + 1) * width; i += 1) out[i] = paint(words[i], i)
    }
    if (row < height) await new Promise((resolve) => setTimeout(resolve))
    if (!isWanted()) return null
  }
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext("2d").putImageData(image, 0, 0)
  return URL.createObjectURL(await canvas.convertToBlob())
}
