import { labelValueMessages, qualifiedNameMessages } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';

/** A taint of a node, its fields in Go's order. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  /** Absent in a removal: of every effect. */
  readonly effect?: string;
}

export interface TaintChanges {
  readonly add: readonly Taint[];
  readonly remove: readonly Taint[];
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Reads `key=value:effect`, `key:effect`, and with a dash behind it `key:effect-` or `key-`. Throws UserError in kubectl's words. */
export function parseTaints(words: readonly string[]): TaintChanges {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const word of words) {
    if (word.endsWith('-')) {
      const { key, effect } = parseTaint(word.slice(0, -1));
      remove.push({ key, ...(effect === undefined ? {} : { effect }) });
      continue;
    }
    const taint = parseTaint(word);
    if (taint.effect === undefined || taint.effect === '') throw new UserError(`invalid taint spec: ${word}`);
    if (add.some((each) => sameTaint(each, taint))) {
      throw new UserError(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      );
    }
    add.push(taint);
  }
  return { add, remove };
}

/** Whether two taints are of the same key and effect; there is only one of these on a node. */
export function sameTaint(left: Taint, right: Taint): boolean {
  return left.key === right.key && left.effect === right.effect;
}

function parseTaint(text: string): Taint {
  const [front = '', effect, ...more] = text.split(':');
  if (more.length > 0) throw new UserError(`invalid taint spec: ${text}`);
  if (effect !== undefined && !EFFECTS.includes(effect)) {
    throw new UserError(`invalid taint effect: ${effect}, unsupported taint effect`);
  }
  // Without an effect all of it is the key, and an equals sign is none.
  const [key = '', value, ...rest] = effect === undefined ? [front] : front.split('=');
  if (rest.length > 0) throw new UserError(`invalid taint spec: ${text}`);
  const messages = [...(value === undefined ? [] : labelValueMessages(value))];
  if (messages.length === 0) messages.push(...qualifiedNameMessages(key));
  if (messages.length > 0) throw new UserError(`invalid taint spec: ${text}, ${messages.join('; ')}`);
  return {
    key,
    ...(value === undefined || value === '' ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
  };
}
