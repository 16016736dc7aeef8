// What viewers of this browser tab share: pictures by digest, which couriers brought; scenes and stages by the
// viewer's key. The bell rings when any of it changes, or a selection.
// A picture stays as long as somebody holds it: the courier that brought it, or a pane that shows it.

const shelf = (globalThis[Symbol.for("quantize.viewer")] ??= {
  pictures: new Map(),
  scenes: new Map(),
  stages: new Map(),
  laidOut: new Set(),
  bell: new EventTarget(),
})

// What stood on the page before its scripts came goes when all that is drawn by ours has its height, and no
// control in sight is one whose script has not come yet.
function laidOut(part) {
  shelf.laidOut.add(part)
  const { dataset } = document.documentElement
  if (dataset.drawn) return
  const awaited = { viewer: "", swatches: ".st-key-swatches", strip: ":is(.st-key-bar, .st-key-segments_bar)", table: ".st-key-table_rows" }
  const isThere = ([one, where]) => shelf.laidOut.has(one) || (where && !document.querySelector(where))
  const isComing = (place) => place.getBoundingClientRect().top < innerHeight
  const coming = [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stSkeleton"]')]
  if (!Object.entries(awaited).every(isThere)) return
  if (coming.some(isComing)) requestAnimationFrame(() => laidOut(part))
  else uncover(dataset)
}

// The sheet goes, too: what it asks of all that is in the page would be asked again at every change.
function uncover(dataset) {
  dataset.drawn = "true"
  for (const one of document.querySelectorAll(".first-paint, [data-first-paint]")) one.remove()
}

const ring = () => shelf.bell.dispatchEvent(new Event("change"))

function shelve(digest, bytes) {
  if (shelf.pictures.has(digest)) return
  const blob = new Blob([bytes], { type: "image/png" })
  shelf.pictures.set(digest, { blob, url: URL.createObjectURL(blob), holders: new Set() })
}

function hold(digest, holder) {
  const picture = shelf.pictures.get(digest)
  picture?.holders.add(holder)
  return picture
}

function release(digest, holder) {
  const picture = shelf.pictures.get(digest)
  if (!picture) return
  picture.holders.delete(holder)
  if (picture.holders.size) return
  URL.revokeObjectURL(picture.url)
  shelf.pictures.delete(digest)
}
