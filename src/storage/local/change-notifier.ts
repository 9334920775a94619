import { watch, type FSWatcher } from 'node:fs';
import { monotonicMs } from './monotonic-ms.ts';

export interface NotifierOptions {
  readonly folder: string;
  /** A number that changes when another connection has committed. */
  readonly dataVersion: () => number;
  /** Called now and then while somebody listens. */
  readonly onIdle: () => void;
}

/** How long to look closely after the files changed: the file system speaks before the commit can be seen. */
const BURST_MS = 30;
const BURST_POLL_MS = 2;
/** The longest that a change stays unseen when the file system says nothing. */
const SAFETY_POLL_MS = 500;
/** The same where the file system cannot be watched at all. */
const BLIND_POLL_MS = 50;

/**
 * Tells listeners that the store may have changed, in this process or another. It costs nothing while nobody listens.
 */
export class ChangeNotifier {
  readonly #options: NotifierOptions;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #safety: NodeJS.Timeout | undefined;
  #burst: NodeJS.Timeout | undefined;
  #burstUntil = 0;
  #seen = -1;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Calls `listener` after each change until the returned function is called. */
  listen(listener: () => void): () => void {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#stop();
    this.notify();
    this.#listeners.clear();
  }

  #start(): void {
    this.#seen = -1;
    this.#watchFolder();
    const period = this.#watcher === undefined ? BLIND_POLL_MS : SAFETY_POLL_MS;
    let ticks = 0;
    this.#safety = setInterval(() => {
      this.#poll();
      ticks += 1;
      if (ticks % Math.ceil(SAFETY_POLL_MS / period) === 0) this.#options.onIdle();
    }, period);
  }

  #stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearInterval(this.#safety);
    clearTimeout(this.#burst);
    this.#burst = undefined;
  }

  #watchFolder(): void {
    try {
      this.#watcher = watch(this.#options.folder, () => this.#look());
      this.#watcher.on('error', () => {
        // The safety poll goes on.
        this.#watcher?.close();
      });
    } catch {
      this.#watcher = undefined;
    }
  }

  #look(): void {
    this.#burstUntil = monotonicMs() + BURST_MS;
    if (this.#burst === undefined) this.#pollInBurst();
  }

  #pollInBurst(): void {
    this.#poll();
    this.#burst = monotonicMs() < this.#burstUntil ? setTimeout(() => this.#pollInBurst(), BURST_POLL_MS) : undefined;
  }

  #poll(): void {
    let version: number;
    try {
      version = this.#options.dataVersion();
    } catch {
      // The listeners meet the same error when they read, and report it.
      version = -1;
    }
    if (version === this.#seen && version !== -1) return;
    this.#seen = version;
    this.notify();
  }
}
