// The selected palette entry: {pane, entry, color, hex}, or null.

class Selection {
  constructor(stage) {
    this.stage = stage
    this.current = null
  }

  // Python's choice wins when it changes; else the person's stays as long as its colour is in the palette.
  setUp(chosen, before) {
    const { current } = this
    if (String(chosen) !== String(before)) this.set(...(chosen ?? []))
    else if (current) this.set(current.pane, this.stage.panes[current.pane]?.entries.get(current.color))
  }

  set(pane, entry = null) {
    if (entry === null) return (this.current = null)
    const hex = this.stage.panes[pane].palette[entry]
    this.current = { pane, entry, color: fromHex(hex), hex }
  }

  change(pane, entry) {
    this.set(pane, entry)
    ring()
  }

  // From a palette bar: its palette tells which pane is meant.
  fromPalette(entry, palette) {
    const pane = this.stage.panes.findIndex((candidate) => String(candidate.palette) === String(palette))
    if (pane >= 0) this.change(pane, entry)
  }

  // A click; the same entry a second time takes the selection back. Early clicks wait until every picture is there:
  // the colour under them is part of what is told.
  async pick(spot) {
    const { inspector, panes } = this.stage
    if (!spot) return this.change()
    await Promise.all(panes.map((pane) => pane.shown))
    await inspector.look(spot)
    const pick = inspector.pick(spot)
    const again = this.current?.pane === pick.pane && this.current.entry === pick.entry
    const told = again ? { ...pick, entry: null } : pick
    this.change(told.pane, told.entry)
    this.stage.send("pick", told)
  }
}
