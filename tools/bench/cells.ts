/** A row of a Markdown table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A figure with a mark for its goal, if it has one. */
export function judged(text: string, reached: boolean | undefined): string {
  return reached === undefined ? text : `${text} ${reached ? "✓" : "✗"}`;
}
