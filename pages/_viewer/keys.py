"""Tab enters a group of choices at the one that is chosen; Streamlit's groups let it in at their first."""

from pages._viewer.declaring import declare

_SCRIPT = """let tabbed = false
const ENTERED = Symbol.for("quantize.keys")

function watch() {
  addEventListener("keydown", (event) => (tabbed = event.key === "Tab"), true)
  addEventListener("pointerdown", () => (tabbed = false), true)
  addEventListener("focusin", (event) => {
    const group = tabbed && event.target.closest?.('[role="radiogroup"]')
    if (group && !group.contains(event.relatedTarget)) group.querySelector('[aria-checked="true"]')?.focus()
  })
}

export default function () {
  globalThis[ENTERED] ??= watch() ?? true
}"""

_component = declare("quantize_keys", js=_SCRIPT)


def enter_where_chosen() -> None:
    """Let Tab do so on this page; once on a page."""
    _component(key="keys")
