// What lies under the pointer (or, after a key, in the middle): its place, colours, entries and differences.

class Inspector {
  constructor(stage, root) {
    this.stage = stage
    this.box = root.querySelector(".panes")
    this.line = root.querySelector(".readout")
  }

  // Where an event lies in the picture; null outside of it.
  locate(event) {
    const frame = event?.target.closest(".frame")
    const place = this.stage.spot
    if (!frame || !place) return null
    const { left, top } = frame.getBoundingClientRect()
    const [x, y] = [event.clientX - left - place.left, event.clientY - top - place.top]
    const spot = this.snap(x / place.width, y / place.height)
    const pane = this.stage.panes.findIndex((candidate) => candidate.figure.contains(frame))
    return spot && { ...spot, pane, live: false }
  }

  // For those without a pointer.
  get middle() {
    return { ...this.snap(this.stage.view.x, this.stage.view.y), pane: 0, live: true }
  }

  // The middle of the pixel there: on the line between two, rounding would otherwise choose one here and one there.
  snap(...place) {
    const [u, v] = place.map((part, axis) => {
      const length = this.stage.size[axis]
      return (Math.floor(part * length + 1e-6) + 0.5) / length
    })
    return u > 0 && u < 1 && v > 0 && v < 1 ? { u, v } : null
  }

  // `spot` is {u, v, pane, live}: a place in the picture, 0 to 1; live: read it out. null: nothing is pointed at.
  async look(spot) {
    this.spot = spot
    this.mark(spot)
    this.line.setAttribute("aria-live", spot?.live ? "polite" : "off")
    if (!spot) return this.line.replaceChildren()
    const { panes } = this.stage
    await Promise.all(panes.map((pane) => pane.picture && pixelsOf(pane.picture)))
    if (this.spot === spot) this.line.replaceChildren(...this.describe(spot))
  }

  mark(spot) {
    this.stage.panes.forEach((pane, index) => (pane.figure.dataset.here = index === spot?.pane && !spot.live))
    this.box.dataset.pointed = Boolean(spot)
    if (!spot) return
    const place = this.stage.spot
    this.box.style.setProperty("--point-x", `${place.left + spot.u * place.width}px`)
    this.box.style.setProperty("--point-y", `${place.top + spot.v * place.height}px`)
  }

  describe({ u, v, pane }) {
    const [width, height] = this.stage.size
    const others = this.others(pane)
    const original = this.stage.panes[0].wordAt(u, v)
    const place = element("span", `${Math.floor(u * width)}, ${Math.floor(v * height)}`, "place")
    const parts = [place, ...swatch(original, others.some((other) => other.soft))]
    for (const other of others) parts.push(...this.compare(other, original, u, v, others.length > 1))
    return parts
  }

  // Few panes are all described; of many, the one that is pointed at.
  others(pointed) {
    const { panes } = this.stage
    if (panes.length <= 3) return panes.slice(1)
    return pointed > 0 ? [panes[pointed]] : []
  }

  compare(pane, original, u, v, named) {
    const [word, { soft }] = [pane.wordAt(u, v), pane]
    const entry = pane.entries.get(pane.colorAt(u, v))
    const parts = [element("span", named ? pane.label : "→", "then")]
    if (entry !== undefined) parts.push(element("span", `no. ${entry + 1}`))
    parts.push(...swatch(word, soft))
    if (isGone(original, soft) || (!soft && isClear(word))) return parts
    const difference = apart(original, word, soft, (first, second) => deltaE00(toLab(first), toLab(second)))
    return [...parts, element("span", `ΔE00 ${difference.toFixed(1)}`, "difference")]
  }

  // The other pane of a wipe; else the first with a palette.
  partner(pane) {
    const { mode, sides, panes } = this.stage
    const side = mode === "wipe" ? sides.indexOf(pane) : -1
    if (side >= 0) return sides[1 - side]
    const quantized = panes.findIndex((other) => other.entries.size)
    return quantized < 0 ? pane : quantized
  }

  // A click: what Python is told, and which entry is meant. In the original, that of the pane beside it.
  pick({ u, v, pane }) {
    const { panes, size } = this.stage
    const target = panes[pane].entries.size ? pane : this.partner(pane)
    const hex = (color) => (color === null ? null : toHex(color))
    const color = panes[target].colorAt(u, v)
    return {
      x: Math.floor(u * size[0]),
      y: Math.floor(v * size[1]),
      pane: target,
      original: hex(panes[0].colorAt(u, v)),
      color: hex(color),
      entry: panes[target].entries.get(color) ?? null,
    }
  }
}

function element(name, text, className = "") {
  const made = document.createElement(name)
  made.textContent = text
  made.className = className
  return made
}

// `soft`: the pixel's opacity counts.
function swatch(word, soft) {
  if (isGone(word, soft)) return [element("span", "transparent")]
  const [patch, code] = [element("i", "", "swatch"), toHex(wordToColor(word))]
  const alpha = soft ? word >>> 24 : 255
  patch.style.background = `${code}${alpha.toString(16).padStart(2, "0")}`
  const opacity = alpha < 255 ? [element("span", `${((100 * alpha) / 255).toFixed(0)} % opaque`)] : []
  return [patch, element("code", code), ...opacity]
}
