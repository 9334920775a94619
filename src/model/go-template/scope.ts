import type { GoValue } from './go-value.ts';
import type { Node } from './node.ts';

/** What one running template knows: its name, its variables and what it is at. */
export interface Scope {
  readonly templateName: string;
  readonly depth: number;
  readonly variables: Variable[];
  /** What an error would be about. */
  node: Node | undefined;
}

export interface Variable {
  readonly name: string;
  value: GoValue;
}
