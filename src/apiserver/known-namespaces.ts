import type { CreateGuard } from '../storage/object-storage.ts';

const MOST = 1000;

/** The namespace of a new object, which must still be as it was read when the object is written. */
export interface NamespaceGuard extends CreateGuard {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Namespaces as they were read last, for creates: these make it a condition of the write that the namespace still is like
 * that, so that one in thousands has to look again. What is remembered is never a reason to refuse anything.
 */
export class KnownNamespaces {
  readonly #guards = new Map<string, NamespaceGuard>();

  get(namespace: string): NamespaceGuard | undefined {
    return this.#guards.get(namespace);
  }

  remember(namespace: string, guard: NamespaceGuard): void {
    if (this.#guards.size >= MOST) this.#guards.clear();
    this.#guards.set(namespace, guard);
  }

  forget(namespace: string): void {
    this.#guards.delete(namespace);
  }
}
