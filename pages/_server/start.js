// The bar that stands before the page while the engine is compiled: how far that is, until the page says it itself.

const bar = document.querySelector(".first-paint progress")

async function look() {
  if (!bar || document.documentElement.dataset.drawn) return
  const answer = await fetch("./start").catch(() => null)
  const done = answer?.ok ? Number(await answer.text()) : NaN
  if (done >= 0) bar.value = done
  setTimeout(look, 300)
}

look()
