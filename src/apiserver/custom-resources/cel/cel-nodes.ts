import { valueSize } from './cel-values.ts';
import type { CostMeter } from './cost-meter.ts';

type Evaluate = (...values: unknown[]) => unknown;

/** A node of the library's syntax tree: what of it is used here. */
export interface CelNode {
  readonly op: string;
  args: unknown;
  readonly meta: { evaluate: Evaluate; alternate?: CelNode; macro?: { evaluate: Evaluate } & Record<string, unknown> };
  /** Set by type checking on nodes that call something. */
  handle?: Evaluate;
}

/** A node with all nodes below it, each once; macros are followed into what they stand for. */
export function nodesOf(root: CelNode): CelNode[] {
  const found = new Set<CelNode>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    if (isNode(value)) {
      if (found.has(value)) return;
      found.add(value);
      visit(value.args, 0);
      visit(value.meta.alternate, 0);
      if (value.meta.macro !== undefined) for (const part of Object.values(value.meta.macro)) visit(part, 1);
      return;
    }
    const proto: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1);
    else if (proto === Object.prototype) for (const part of Object.values(value)) visit(part, depth + 1);
  };
  visit(root, 0);
  return [...found];
}

function isNode(value: object): value is CelNode {
  return 'op' in value && 'meta' in value && typeof value.op === 'string';
}

const LIST_COST = 10;
const MAP_COST = 30;
/** Operators whose cost is the size of the smaller side, or of both. */
const COMPARES = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Makes every step of a checked expression charge the meter of the run that is under way. */
export function chargeNodes(root: CelNode, prefix: string, meter: () => CostMeter | undefined): void {
  for (const node of nodesOf(root)) {
    const cost = stepCost(node.op);
    const { meta } = node;
    const { evaluate, macro } = meta;
    meta.evaluate = (...values) => {
      meter()?.charge(cost);
      return evaluate(...values);
    };
    if (macro !== undefined) {
      const run = macro.evaluate;
      macro.evaluate = (...values) => {
        meter()?.charge(1);
        return run(...values);
      };
    }
    const { handle } = node;
    if (handle !== undefined) node.handle = chargedHandle(node, handle, prefix, meter);
  }
}

function stepCost(op: string): number {
  if (op === 'value') return 0;
  if (op === 'list') return LIST_COST;
  return op === 'map' ? MAP_COST : 1;
}

function chargedHandle(
  { op, args }: CelNode,
  handle: Evaluate,
  prefix: string,
  meter: () => CostMeter | undefined,
): Evaluate {
  const sizes = new WeakMap<object, number>();
  const size = (value: unknown): number => valueSize(value, sizes);
  if (op === 'call' || op === 'rcall') {
    const name = String((args as unknown[])[0]).replace(prefix, '');
    return (...values) => {
      meter()?.charge(callCost(name, (Array.isArray(values[0]) ? values[0] : []).map(size)));
      return handle(...values);
    };
  }
  if (COMPARES.has(op)) {
    return (...values) => {
      meter()?.charge(Math.ceil(Math.min(size(values[0]), size(values[1])) / 10));
      return handle(...values);
    };
  }
  if (op !== '+' && op !== 'in') return handle;
  return (...values) => {
    const [left, right] = values;
    meter()?.charge(op === '+' ? Math.ceil((size(left) + size(right)) / 10) : right instanceof Map ? 1 : size(right));
    return handle(...values);
  };
}

/** A call costs a step, and a tenth of what it looks at; a regular expression also what it is itself. */
function callCost(name: string, sizes: readonly number[]): number {
  const total = sizes.reduce((sum, each) => sum + each, 0);
  if (name === 'size') return 1;
  if (name === 'matches' || name === 'find' || name === 'findAll') {
    const [text = 0, pattern = 0] = sizes;
    return Math.ceil((1 + text) / 10) * Math.max(1, Math.ceil(pattern / 4));
  }
  return 1 + Math.ceil(total / 10);
}
