import type { WatchEvent } from '../model/api-message.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { parseWireJson, wireJsonText } from '../model/wire-json.ts';

/** A change to show: an object, or a table of one row. */
export interface Change {
  readonly type: WatchEvent['type'];
  readonly object: KubeObject | Table;
}

interface Shown {
  readonly uid: string;
  readonly version: string;
  /** What was seen of it, as JSON text: of many objects that is a fraction of what the objects themselves need. */
  readonly text: string;
}

/**
 * The objects that a watch has told of, as they were then. It turns what a server says again, or says only in sum, into
 * the changes that nobody was told yet.
 */
export class ShownObjects {
  #shown = new Map<string, Shown>();
  /** What a look at all that there is has found so far. */
  #seenAgain: Map<string, Shown> | undefined;

  /** The changes in one event of a watch, or in one object of a list: none when it is known already. */
  changes(type: WatchEvent['type'], object: KubeObject | Table): Change[] {
    const key = keyOf(object);
    // A table of no rows, or rows that do not say what they show: nothing to remember.
    if (key === undefined) return [{ type, object }];
    const before = this.#shown.get(key);
    const now = asShown(object);
    if (type === 'DELETED') {
      this.#shown.delete(key);
      return [{ type, object }];
    }
    (this.#seenAgain ?? this.#shown).set(key, now);
    if (before === undefined) return [{ type, object }];
    if (before.uid !== now.uid) return [deletionOf(before), { type: 'ADDED', object }];
    if (before.version === now.version) return [];
    return [{ type: 'MODIFIED', object }];
  }

  /** Begins a look at all that there is; `vanished` ends it. */
  lookAgain(): void {
    this.#seenAgain = new Map();
  }

  /** The look failed, and what it found was not told to anybody. */
  forgetLook(): void {
    this.#seenAgain = undefined;
  }

  /** What was there before the look and was not seen in it, each as it was last. */
  vanished(): Change[] {
    const seen = this.#seenAgain ?? this.#shown;
    const gone = [...this.#shown].filter(([key]) => !seen.has(key)).map(([, shown]) => deletionOf(shown));
    this.#shown = seen;
    this.#seenAgain = undefined;
    return gone;
  }
}

function deletionOf({ text }: Shown): Change {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was written by asShown
  return { type: 'DELETED', object: parseWireJson(text) as KubeObject | Table };
}

function asShown(object: KubeObject | Table): Shown {
  const { uid = '', resourceVersion = '' } = metadataOf(object) ?? {};
  return { uid, version: resourceVersion, text: wireJsonText(object) };
}

/** An object of a kind of one's own may have rows too. */
export function isTable(object: KubeObject | Table): object is Table {
  return object.kind === 'Table' && object.apiVersion === 'meta.k8s.io/v1';
}

function keyOf(object: KubeObject | Table): string | undefined {
  const { namespace = '', name } = metadataOf(object) ?? {};
  return name === undefined ? undefined : `${namespace}/${name}`;
}

function metadataOf(object: KubeObject | Table): KubeObject['metadata'] | undefined {
  return isTable(object) ? object.rows[0]?.object?.metadata : object.metadata;
}
