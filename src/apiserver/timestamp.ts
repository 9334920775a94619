/** A moment as metadata has it: RFC 3339 in UTC, whole seconds. */
export function timestamp(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
