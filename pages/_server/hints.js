// The "?" of a switch explains it. It stands in the label, so that a click on it would move the switch.

const HINT = '[data-testid="stCheckbox"] [data-testid="stTooltipIcon"]'

for (const name of ["pointerdown", "pointerup", "mousedown", "mouseup", "click"]) {
  addEventListener(name, stay, { capture: true })
}

function stay(event) {
  if (!event.target.closest?.(HINT)) return
  event.stopPropagation()
  if (name === "click" || event.type === "click") event.preventDefault()
}
