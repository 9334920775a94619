import type { NamespaceGuard } from './namespace-check.ts';

const MOST = 1000;

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
