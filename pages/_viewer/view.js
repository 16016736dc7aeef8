// Geometry, without a DOM. `size` is [width, height] of the picture in its own pixels, `frame` that of the room
// a pane has in CSS pixels. A view is {scale, x, y}: CSS pixels for one picture pixel (null: fit), and the point
// of the picture, each 0 to 1, that lies in the middle of every frame.

const FIT = Object.freeze({ scale: null, x: 0.5, y: 0.5 })
const MAX_SCALE = 64
const clamp = (value, low, high) => Math.min(Math.max(value, low), high)

// Past 2 device pixels for one of the picture, whole numbers keep all pixels of equal width.
function fitScale(frame, size, dpr) {
  const scale = Math.min(frame[0] / size[0], frame[1] / size[1])
  return scale * dpr >= 2 ? Math.min(Math.floor(scale * dpr) / dpr, MAX_SCALE) : scale
}

// The columns that make the pictures largest within the height, and each pane's frame.
function arrange(count, width, maxHeight, size, gap, labelHeight) {
  let best = null
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const wide = Math.floor((width - gap * (columns - 1)) / columns)
    const room = Math.max(Math.floor((maxHeight - gap * (rows - 1)) / rows) - labelHeight, 80)
    const high = Math.min(Math.round((wide * size[1]) / size[0]), room)
    const shown = Math.min(wide, (high * size[0]) / size[1])
    if (!best || shown > best.shown) best = { columns, shown, frame: [wide, high] }
  }
  return best
}

// Where the picture's top left corner lies in the frame. Covers the frame, or is centred where it is smaller;
// on whole device pixels, so that nothing is smeared.
function place(view, frame, size, dpr) {
  const scale = view.scale ?? fitScale(frame, size, dpr)
  const corner = [0, 1].map((axis) => {
    const length = size[axis] * scale
    const free = frame[axis] - length
    const wanted = frame[axis] / 2 - [view.x, view.y][axis] * length
    const kept = free >= 0 ? free / 2 : clamp(wanted, free, 0)
    return Math.round(kept * dpr) / dpr
  })
  return { scale, left: corner[0], top: corner[1], width: size[0] * scale, height: size[1] * scale }
}
