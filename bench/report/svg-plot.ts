import type { Plot, Series } from './section.js'

const WIDTH = 720
const HEIGHT = 420
const MARGIN = { left: 72, right: 190, top: 40, bottom: 56 }
const INNER = {
  width: WIDTH - MARGIN.left - MARGIN.right,
  height: HEIGHT - MARGIN.top - MARGIN.bottom,
}
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#555555']

/** Maps values to pixels on a logarithmic axis. */
interface Axis {
  readonly ticks: readonly number[]
  position(value: number): number
}

/** An axis from one step of 1, 2, 5, 10, 20, ... below the values to one above. */
function logAxis(values: readonly number[], start: number, length: number): Axis {
  const positive = values.filter((value) => value > 0)
  const steps = Array.from({ length: 40 }, (_, index) => {
    const digit = [1, 2, 5][index % 3]!
    return Number((digit * 10 ** (Math.floor(index / 3) - 5)).toPrecision(1))
  })
  const low = steps.findLast((step) => step <= Math.min(...positive)) ?? steps[0]!
  const high = steps.find((step) => step >= Math.max(...positive)) ?? steps.at(-1)!
  const top = high === low ? high * 2 : high
  const range = Math.log(top / low)
  return {
    ticks: steps.filter((step) => step >= low && step <= top),
    position: (value) => start + (length * Math.log(Math.max(value, low) / low)) / range,
  }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeText(content)}</text>`
}

function line({ points }: Series, index: number, x: Axis, y: Axis): string {
  const colour = COLOURS[index % COLOURS.length]!
  const places = points.map(([px, py]) => [x.position(px), y.position(py)] as const)
  const path = places.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')
  const dots = places.map(
    ([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${colour}"/>`,
  )
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`
}

function legend({ name }: Series, index: number): string {
  const x = WIDTH - MARGIN.right + 16
  const y = MARGIN.top + 8 + index * 20
  const colour = COLOURS[index % COLOURS.length]!
  return `<rect x="${x}" y="${y - 5}" width="14" height="4" fill="${colour}"/>${text(x + 20, y, name)}`
}

/** Draws a plot with logarithmic axes as an SVG document. */
export function drawPlot(plot: Plot): string {
  const points = plot.series.flatMap((series) => series.points)
  const x = logAxis(
    points.map(([value]) => value),
    MARGIN.left,
    INNER.width,
  )
  const y = logAxis(
    points.map(([, value]) => value),
    MARGIN.top + INNER.height,
    -INNER.height,
  )
  const bottom = MARGIN.top + INNER.height
  const right = MARGIN.left + INNER.width
  const grid = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`
  const middle = MARGIN.top + INNER.height / 2
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeText(plot.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN.left, 22, plot.title, 'font-size="15" font-weight="bold"'),
    ...x.ticks.flatMap((tick) => [
      grid(x.position(tick), MARGIN.top, x.position(tick), bottom),
      text(x.position(tick), bottom + 18, `${tick}`, 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      grid(MARGIN.left, y.position(tick), right, y.position(tick)),
      text(MARGIN.left - 8, y.position(tick) + 4, `${tick}`, 'text-anchor="end"'),
    ]),
    text(MARGIN.left + INNER.width / 2, HEIGHT - 14, plot.xLabel, 'text-anchor="middle"'),
    text(16, middle, plot.yLabel, `text-anchor="middle" transform="rotate(-90 16 ${middle})"`),
    ...plot.series.map((series, index) => line(series, index, x, y)),
    ...plot.series.map(legend),
    '</svg>',
    '',
  ].join('\n')
}
