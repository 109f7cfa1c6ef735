/** Counts checks and prints each with what was found. */
export class Report {
  passed = 0
  failed = 0

  check(name: string, ok: boolean, found: unknown = ''): void {
    if (ok) this.passed++
    else this.failed++
    const text = typeof found === 'string' ? found : JSON.stringify(found)
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}${text === '' ? '' : `: ${text}`}\n`)
  }
}
