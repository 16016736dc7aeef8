"""News for those who hear a page: a line that nobody sees, read out whenever its text is another one."""

from pages._viewer.declaring import declare

_SCRIPT = """export default function ({ data: [data], parentElement }) {
  const line = parentElement.querySelector("p")
  if (line.textContent !== data) line.textContent = data
}"""
_STYLE = (
    "p { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }"
)

_component = declare("quantize_news", html='<p role="status"></p>', css=_STYLE, js=_SCRIPT)


def tell(text: str) -> None:
    """Let a screen reader say this; once on a page, at the same place in each run."""
    _component(key="news", data=text)
