/** A table of text, its first row the names of the columns. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A promise and what was found. */
export interface Goal {
  readonly text: string
  readonly measured: string
  readonly met: boolean
}

/** A line of a plot. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface Plot {
  /** Name of the file, without its ending. */
  readonly name: string
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly Series[]
}

/** What a scenario found. */
export interface Section {
  readonly title: string
  /** What is measured and how, one paragraph. */
  readonly text: string
  readonly tables: readonly Table[]
  readonly goals: readonly Goal[]
  readonly plots: readonly Plot[]
  /** Everything measured, for the file of results. */
  readonly data: unknown
}
