// The tool bar: buttons call stage.act(name), and it shows how things stand.

class Bar {
  constructor(stage, root) {
    this.root = root
    this.zoom = root.querySelector(".zoom")
    this.selects = [root.querySelector("select.left"), root.querySelector("select.right")]
    for (const button of root.querySelectorAll("[data-do]")) this.connect(button, stage)
    this.selects.forEach((select, side) => (select.onchange = () => stage.choose(side, Number(select.value))))
    this.button("screen").hidden = !document.fullscreenEnabled
  }

  button(name) {
    return this.root.querySelector(`[data-do="${name}"]`)
  }

  connect(button, stage) {
    const name = button.dataset.do
    if (name !== "flip") return (button.onclick = () => stage.act(name))
    button.onpointerdown = (event) => {
      button.setPointerCapture(event.pointerId)
      stage.flip(true)
    }
    button.onkeydown = (event) => {
      if ([" ", "Enter"].includes(event.key)) stage.flip(true) // returning false would swallow Tab
    }
    for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) {
      button.addEventListener(end, () => stage.flip(false))
    }
    button.oncontextmenu = (event) => event.preventDefault()
  }

  showError(on) {
    this.button("error").setAttribute("aria-pressed", on)
    const legend = this.root.querySelector(".legend")
    legend.hidden = !on
    legend.querySelector("i").style.background = heatGradient()
    legend.querySelector(".most").textContent = `${MAX_ERROR} and more`
  }

  // Labels of all panes, and which two the wipe compares.
  describe(labels, mode, sides) {
    this.root.dataset.several = labels.length > 1
    this.root.dataset.choice = mode === "wipe" && labels.length > 2
    this.root.querySelector(".first").textContent = labels[0]
    for (const name of ["side", "wipe"]) this.button(name).setAttribute("aria-pressed", name === mode)
    this.selects.forEach((select, side) => {
      select.replaceChildren(...labels.map((label, index) => new Option(label, index)))
      select.value = sides[side]
    })
  }

  showZoom(percent, fits) {
    this.zoom.textContent = `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
    this.button("fit").setAttribute("aria-pressed", fits)
    this.button("full-size").setAttribute("aria-pressed", Math.abs(percent - 100) < 1e-6)
  }
}
