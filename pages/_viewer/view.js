// Geometry, without a DOM. `size` is [width, height] of the picture in its own pixels, `frame` that of the room
// a pane has in CSS pixels. A view is {scale, x, y}: CSS pixels for one picture pixel (null: fit), and the point
// of the picture, each 0 to 1, that lies in the middle of every frame. `dpr`: device pixels for a CSS pixel;
// 100 % is one device pixel for one of the picture.

const FIT = Object.freeze({ scale: null, x: 0.5, y: 0.5 })
const MAX_PERCENT = 6400
const PLACE_ROOM = 1.5
const NARROW = 560 // CSS pixels; below, as on a phone, two pictures have no room beside each other
const PANORAMA = 2 // times as wide as high
const LEAST_HIGH = 24 // CSS pixels of a frame: what is wider than fifty times its height is still to be seen and held
const STOPS = [3.125, 6.25, 12.5, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 3200, MAX_PERCENT]
const clamp = (value, low, high) => Math.min(Math.max(value, low), high)

// Past 2 device pixels for one of the picture, whole numbers keep all pixels of equal width.
function fitScale(frame, size, dpr) {
  const scale = Math.min(frame[0] / size[0], frame[1] / size[1])
  return scale * dpr >= 2 ? Math.min(Math.floor(scale * dpr), MAX_PERCENT / 100) / dpr : scale
}

// The columns that make the pictures largest within the height, and each pane's frame; `fill`: all of the height.
// Empty places count against a layout: three panes belong beside each other, not two above one; and so do margins
// beside each picture. Two that are no panoramas belong beside each other wherever they can.
function arrange(count, width, maxHeight, size, gap, labelHeight, fill) {
  let best = null
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const wide = Math.floor((width - gap * (columns - 1)) / columns)
    const room = Math.max(Math.floor((maxHeight - gap * (rows - 1)) / rows) - labelHeight, 80)
    const high = Math.min(Math.max(Math.round((wide * size[1]) / size[0]), LEAST_HIGH), room)
    const shown = Math.min(wide, (high * size[0]) / size[1])
    const beside = count === 2 && columns === 2 && width >= NARROW && size[0] <= PANORAMA * size[1]
    const worth = beside ? Infinity : shown * (count / (rows * columns)) ** 2 * (shown / wide)
    if (!best || worth > best.worth) best = { columns, worth, frame: [wide, fill ? room : high] }
  }
  return best
}

// Where the picture's top left corner lies in the frame. Covers the frame, or is centred where it is smaller;
// on whole device pixels, so that nothing is smeared. Of a thin picture at least one device pixel is seen.
function place(view, frame, size, dpr) {
  const scale = view.scale ?? fitScale(frame, size, dpr)
  const lengths = size.map((side) => Math.max(side * scale, 1 / dpr))
  const corner = lengths.map((length, axis) => {
    const free = frame[axis] - length
    const wanted = frame[axis] / 2 - [view.x, view.y][axis] * length
    const kept = free >= 0 ? free / 2 : clamp(wanted, free, 0)
    return Math.round(kept * dpr) / dpr
  })
  return { scale, left: corner[0], top: corner[1], width: lengths[0], height: lengths[1] }
}

// The view that place() really shows: without this, moving back from an edge would begin with nothing happening.
function settle(view, frame, size, dpr) {
  if (view.scale === null) return FIT
  const { left, top, width, height } = place(view, frame, size, dpr)
  return { scale: view.scale, x: (frame[0] / 2 - left) / width, y: (frame[1] / 2 - top) / height }
}

// Zoom so that what lies under `point` of the frame stays there.
function zoomAt(view, scale, point, frame, size, dpr) {
  const fit = fitScale(frame, size, dpr)
  const kept = clamp(scale, Math.min(fit, 1 / dpr), MAX_PERCENT / 100 / dpr)
  if (Math.abs(kept / fit - 1) < 1e-3) return FIT
  const { left, top, width, height } = place(view, frame, size, dpr)
  const x = (point[0] - left) / width + (frame[0] / 2 - point[0]) / (size[0] * kept)
  const y = (point[1] - top) / height + (frame[1] / 2 - point[1]) / (size[1] * kept)
  return settle({ scale: kept, x, y }, frame, size, dpr)
}

// The view that shows a part of the picture, [x, y, width, height] in its pixels, and a little around it.
function viewOf(part, frame, size, dpr) {
  const scale = fitScale(frame, [part[2] * PLACE_ROOM, part[3] * PLACE_ROOM], dpr)
  const [x, y] = [0, 1].map((axis) => (part[axis] + part[axis + 2] / 2) / size[axis])
  return scale > fitScale(frame, size, dpr) ? settle({ scale, x, y }, frame, size, dpr) : FIT
}

// The view that shows all of a part and hardly more. Its edges were rounded to whole pixels: a stop that cuts off
// less than that is where the person was.
function viewOfAll(part, frame, size, dpr) {
  const scale = Math.min(frame[0] / part[2], frame[1] / part[3])
  const cuts = (stop) => [0, 1].some((axis) => stop * (part[axis + 2] - 2) >= frame[axis])
  const stop = STOPS.map((percent) => percent / 100 / dpr).find((one) => one >= scale - 1e-9 && !cuts(one)) ?? scale
  const kept = Math.min(stop, MAX_PERCENT / 100 / dpr)
  const [x, y] = [0, 1].map((axis) => (part[axis] + part[axis + 2] / 2) / size[axis])
  return kept > fitScale(frame, size, dpr) ? settle({ scale: kept, x, y }, frame, size, dpr) : FIT
}

// What is seen of the picture, [left, top, right, bottom] in its pixels. `spot` comes from place().
function seen(spot, frame, size) {
  const begin = [-spot.left, -spot.top].map((length) => Math.max(Math.floor(length / spot.scale + 1e-6), 0))
  const end = [frame[0] - spot.left, frame[1] - spot.top].map((length, axis) =>
    Math.min(Math.ceil(length / spot.scale - 1e-6), size[axis]),
  )
  return [...begin, ...end]
}

// The next stop in percent above (direction 1) or below (-1); fitting is a stop, too.
function nextStop(percent, fitPercent, direction) {
  const stops = [...STOPS, fitPercent].sort((a, b) => (a - b) * direction)
  return stops.find((stop) => (stop / percent - 1) * direction > 0.01) ?? percent
}
