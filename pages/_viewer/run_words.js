// The algorithm in words and in code, with this picture's numbers; and what happens in a step, said from its figures.

const whole = (value) => value.toLocaleString("en")
const tuple = (...sizes) => `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`
const grouped = (value, digits) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
// As `pages/_inside/amounts.py` says them beside the player.
const exact = (value) => (value > 0 && value < 1 ? value.toLocaleString("en", { maximumFractionDigits: 3 }) : grouped(value, 1))
const percent = (part) => `${part > 0 && part < 0.001 ? "<0.1" : (100 * part).toFixed(1)} %`

const STARTS = {
  random: ["pixels drawn by chance", "centers = Z[rng.choice(len(Z), K, replace=False)]"],
  "k-means++": ["pixels drawn far from those that are there", "centers = kmeans_plus_plus(Z, K)"],
  split: ["the costliest cluster split again and again", "centers = split_clusters(Z, K)"],
  own: ["where you put them", "centers = np.float32(yours)"],
}

// How the first centres are chosen: a picture of fewer colours has them again and again.
function sayStart({ start, few: n }) {
  const [text, code] = STARTS[start]
  if (!n) return { text, code }
  const few = n === 1 ? "only 1 colour" : `only ${n} colours`
  if (start === "own") return { text: `${text}; the picture has ${few}, so some get no pixel`, code }
  return {
    text: `the picture has ${few}, so some centres are alike, and of those only one gets pixels`,
    code: "centers = np.resize(np.unique(Z, axis=0), (K, 3))",
  }
}

function listDeeds(film) {
  const { k, shape } = film
  const n = shape[0] * shape[1]
  return [
    {
      title: "Choose K",
      text: "and write the picture as a list of pixels",
      code: "Z = np.float32(image.reshape((-1, 3)))",
      shapes: `${tuple(...shape, 3)} uint8 → ${tuple(n, 3)} float32, K = ${k}`,
    },
    { title: "Choose centres", ...sayStart(film), shapes: `${tuple(k, 3)} float32` },
    {
      title: "Assign",
      text: "every pixel goes to its nearest centre",
      code: "labels = ((Z[:, None] - centers) ** 2).sum(2).argmin(1)",
      shapes: `${tuple(n, k)} distances → ${tuple(n)} labels`,
    },
    {
      title: "Move",
      text: "every centre goes to the mean of its pixels",
      code: "centers[j] = Z[labels == j].mean(axis=0)",
      shapes: `${tuple(k, 3)} float32`,
    },
    {
      title: "Again",
      text: "until centres hardly move, then back to a picture",
      code: "np.uint8(np.rint(centers))[labels].reshape(image.shape)",
      shapes: `${tuple(n, 3)} → ${tuple(...shape, 3)} uint8`,
    },
  ]
}

// Which of the five happen in a step.
function litDeeds(film, step) {
  if (!step) return [0, 1]
  const lit = film.steps[step].kind === "assign" ? [2] : [3]
  return step === film.last ? [...lit, 4] : lit
}

function makeDeed({ title, text, code, shapes }) {
  const item = document.createElement("li")
  const parts = [["b", title], ["span", text], ["code", code], ["small", shapes]]
  item.append(
    ...parts.map(([tag, said]) => {
      const made = document.createElement(tag)
      made.textContent = said
      return made
    }),
  )
  return item
}

function sayStep(film, step) {
  const { kind, iteration, moved, shift, counts, sse } = film.steps[step]
  if (kind === "start")
    return `Start: ${film.k === 1 ? "1 centre" : `${film.k} centres`}, ${sayStart(film).text}. No pixel is assigned yet.`
  const error = exact(sse / film.total)
  const idle = counts.filter((count) => !count).length
  const empty = idle ? ` ${idle === 1 ? "1 centre has" : `${idle} centres have`} no pixels and stay${idle === 1 ? "s" : ""}.` : ""
  const said = kind === "assign" ? sayAssign(film, iteration, moved, error) : sayMove(film, step, iteration, shift, error)
  return `${said}${empty}${step === film.last ? sayLast(film, sse) : ""}`
}

function sayAssign(film, iteration, moved, error) {
  const each = film.total === 1 ? "the only pixel" : `each of ${whole(film.total)} pixels`
  if (iteration === 1) return `Assign 1: ${each} goes to its nearest centre. Error ${error}.`
  if (!moved) return `Assign ${iteration}: no pixel changes its centre. The run has settled at error ${error}.`
  const many = moved === 1 ? "1 pixel gets" : `${whole(moved)} pixels (${percent(moved / film.total)}) get`
  return `Assign ${iteration}: ${many} another centre. Error ${error}.`
}

function sayMove(film, step, iteration, shift, error) {
  const before = film.steps[step - 1].sse
  const fall = before > 0 ? 1 - film.steps[step].sse / before : 0
  const falls = fall > 0 ? `, ${percent(fall)} less` : ""
  return `Move ${iteration}: each centre goes to the mean of its pixels, the farthest by ${exact(shift)}. Error ${error}${falls}.`
}

// Where the run ends, beside the run that was there before somebody moved a centre.
function sayLast(film, sse) {
  const open = film.end === "settled" ? "" : ` Not settled after ${film.steps.at(-1).iteration} rounds: we stop there.`
  if (!film.before) return open
  const share = film.before.sse > 0 ? sse / film.before.sse - 1 : 0
  const much = `${grouped(100 * Math.abs(share), Math.abs(share) < 0.001 ? 2 : 1)} %`
  const apart = Math.abs(share) < 5e-5 ? "the same error as" : share > 0 ? `${much} more error than` : `${much} less error than`
  return `${open} With your centres it ends with ${apart} ${film.before.name}.`
}
