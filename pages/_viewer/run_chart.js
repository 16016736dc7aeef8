// Error against iterations, where the run stands, and where criteria would end it.

const BOX = { height: 230, left: 58, right: 12, top: 30, bottom: 30 }
// As wide as "max_iter" is, and some air.
const WORD = 60

function svg(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.textContent = text
  return made
}

// Round numbers from low to high, three to six of them.
function roundTicks(low, high) {
  const rough = (high - low || Math.abs(high) || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)
  const ticks = []
  for (let n = Math.ceil(low / step); n * step <= high + 1e-9 * step; n++) ticks.push(Number((n * step).toPrecision(12)))
  return ticks
}

const short = (value) => Number(value.toPrecision(3)).toLocaleString("en")

// A distance on the slider's scale, five steps to a decade: 0.0001 is the least.
const toEpsilon = (position) => Number((10 ** (position / 5)).toPrecision(2))

const toPosition = (epsilon) => Math.round(5 * Math.log10(epsilon))

class RunChart {
  constructor(figure, tell) {
    this.svg = figure.querySelector("svg")
    this.epsilon = figure.querySelector(".epsilon")
    this.most = figure.querySelector(".most")
    this.said = figure.querySelector(".ended")
    this.epsilon.oninput = this.most.oninput = () => this.draw(this.film, this.step)
    this.epsilon.onchange = this.most.onchange = () => {
      const { epsilon, most } = this.criteria
      tell({ epsilon, max_iter: most })
    }
  }

  // What an address says, once: then they are where they are put.
  take([epsilon, most], origin) {
    if (this.origin === origin) return
    this.origin = origin
    this.epsilon.value = toPosition(epsilon)
    this.most.value = most
  }

  get criteria() {
    return { epsilon: toEpsilon(Number(this.epsilon.value)), most: Number(this.most.value) }
  }

  // The iteration that criteria end, as cv2.kmeans has them: enough iterations, or centres that hardly moved.
  find(film) {
    const moves = film.steps.filter(({ kind }) => kind === "move")
    const { epsilon, most } = this.criteria
    const still = moves.find(({ shift }) => shift <= epsilon)?.iteration ?? null
    const last = film.steps.at(-1).iteration
    const settled = film.end === "settled" ? last : null
    const by = [still, most <= last ? most : null, settled].filter((value) => value !== null)
    return { still, end: by.length ? Math.min(...by) : null }
  }

  errorAfter(film, iteration) {
    return film.steps.filter((step) => step.sse !== null && step.iteration <= iteration).at(-1).sse / film.total
  }

  draw(film, step) {
    this.film = film
    this.step = step
    if (!film) return
    const points = film.steps.flatMap(({ kind, iteration, sse }, number) =>
      sse === null ? [] : [{ x: iteration - (kind === "assign" ? 0.5 : 0), y: sse / film.total, number }],
    )
    const last = Math.max(film.steps.at(-1).iteration, 1)
    const [low, high] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))]
    const room = high - low || 1
    const { height, left, right, top, bottom } = BOX
    const width = Math.max(240, this.svg.clientWidth || 560)
    const x = (value) => left + ((width - left - right) * value) / last
    const y = (value) => top + (height - top - bottom) * (1 - (value - low) / (1.04 * room))
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
    const parts = [svg("path", { class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}` })]
    for (const value of roundTicks(low, high)) {
      parts.push(svg("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toLocaleString("en")))
      parts.push(svg("path", { class: "grid", d: `M${left} ${y(value)}H${width - right}` }))
    }
    const every = Math.max(1, Math.ceil(last / 10))
    for (let n = 0; n <= last; n += every)
      parts.push(svg("text", { x: x(n), y: height - bottom + 16, "text-anchor": "middle" }, n))
    const [lines, words] = this.drawCriteria(film, x)
    parts.push(...lines)
    parts.push(svg("polyline", { class: "line", points: points.map((one) => `${x(one.x)},${y(one.y)}`).join(" ") }))
    const here = points.find(({ number }) => number === step)
    if (here) parts.push(svg("circle", { class: "here", cx: x(here.x), cy: y(here.y), r: 5.5 }))
    this.svg.replaceChildren(...parts, ...words)
  }

  drawCriteria(film, x) {
    const { epsilon, most } = this.criteria
    const { still, end } = this.find(film)
    const [first, second] = [this.epsilon, this.most].map((input) => input.parentElement.querySelector("output"))
    first.textContent = epsilon
    second.textContent = most
    const last = film.steps.at(-1).iteration
    this.said.textContent = this.sayEnd(film, end, last)
    const { height, bottom } = BOX
    const [lines, words, limit] = [[], [], most <= last ? most : null]
    for (const [name, at] of [["epsilon", still], ["max_iter", limit]]) {
      if (at === null) continue
      lines.push(svg("path", { class: `stop ${name}`, "data-ends": at === end, d: `M${x(at)} ${name === "epsilon" ? 16 : 3}V${height - bottom}` }))
      const other = name === "epsilon" && limit !== null ? x(limit) : null
      const side = sideOfWord(x(at), other, x(0), x(last))
      words.push(svg("text", { class: name, x: x(at) + (side === "end" ? -5 : 5), y: name === "epsilon" ? 26 : 12, "text-anchor": side }, name))
    }
    return [lines, words]
  }

  sayEnd(film, end, last) {
    const { epsilon, most } = this.criteria
    const given = `With epsilon ${epsilon} and max_iter ${most}`
    if (end === null) return `${given} the run would go on beyond the ${last} iterations shown here.`
    const [here, least] = [this.errorAfter(film, end), this.errorAfter(film, last)]
    const more = least > 0 ? 100 * (here / least - 1) : 0
    const cost = more >= 0.05 ? `${grouped(more, 1)} % more error than after ${last}` : `as good as after ${last}`
    return `${given} the run ends after ${end === 1 ? "1 iteration" : `${end} iterations`}: ${end === last ? "all that are shown" : cost}.`
  }
}

// On which side of its line a word stands: where there is room, and not where the other line runs through it.
function sideOfWord(at, other, first, last) {
  const sides = at > (first + last) / 2 ? ["end", "start"] : ["start", "end"]
  const isFree = (side) => {
    const [low, high] = side === "end" ? [at - WORD, at] : [at, at + WORD]
    const isCrossed = other !== null && other !== at && other > low && other < high
    return !isCrossed && low >= 0 && high <= last + 12
  }
  return sides.find(isFree) ?? sides[0]
}
