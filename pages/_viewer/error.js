// The error map: ΔE00 of every pixel to the first pane, laid over each of the others.

const CACHE_BITS = 18

// Pairs of colours come back again and again: a table with one place for each hash saves most of the arithmetic.
function cachedLevels() {
  const keys = new Float64Array(1 << CACHE_BITS).fill(-1)
  const levels = new Uint8Array(1 << CACHE_BITS)
  return (first, second) => {
    const key = first * 0x1000000 + second
    const slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - CACHE_BITS)
    if (keys[slot] !== key) {
      keys[slot] = key
      levels[slot] = heatLevel(deltaE00(toLab(first), toLab(second)))
    }
    return levels[slot]
  }
}

class ErrorMap {
  constructor(stage) {
    this.stage = stage
    this.on = false
    this.made = new Map() // by pane: {wanted, url}
  }

  toggle() {
    if (!this.stage.scene.compares) return
    this.set(!this.on)
    this.stage.layOut()
    return this.refresh()
  }

  set(on) {
    this.on = on
    this.stage.bar.showError(on)
  }

  // One after the other; what is asked for anew while one is under way replaces it.
  async refresh() {
    const { panes } = this.stage
    const isReady = (pane) => panes[0].digest && pane.digest && panes.includes(pane)
    const wanted = (pane) => (this.on && isReady(pane) ? `${panes[0].digest} ${pane.digest}` : "")
    for (const pane of [...new Set([...this.made.keys(), ...panes.slice(1)])]) {
      await this.bring(pane, () => wanted(pane))
    }
  }

  async bring(pane, wanted) {
    const [asked, before] = [wanted(), this.made.get(pane)]
    if ((before?.wanted ?? "") === asked) return
    const made = { wanted: asked, url: before?.url }
    this.made.set(pane, made)
    const url = asked ? await this.draw(pane, () => wanted() === asked) : null
    if (this.made.get(pane) !== made || wanted() !== asked) return url && URL.revokeObjectURL(url)
    await pane.cover("error", url)
    if (made.url) URL.revokeObjectURL(made.url)
    made.url = url
    if (!asked) this.made.delete(pane)
  }

  async draw(pane, isWanted) {
    const [first, second] = await Promise.all([this.stage.panes[0], pane].map(({ picture }) => pixelsOf(picture)))
    if (first.words.length !== second.words.length || first.width !== second.width) return null
    const level = cachedLevels()
    const paint = (word, i) => {
      if (isGone(second.soft ? first.words[i] : word, second.soft)) return 0
      return HEAT_WORDS[Math.round(apart(first.words[i], word, second.soft, level))]
    }
    return paintOver(second, paint, isWanted)
  }

  leave() {
    this.on = false
    for (const { url } of this.made.values()) if (url) URL.revokeObjectURL(url)
  }
}
