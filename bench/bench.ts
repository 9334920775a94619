import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EtcdServer, startEtcd } from '../test/peers/etcd-server.ts';
import { kubectlBinary } from '../test/peers/kubectl-binary.ts';
import { type KubeServer, startServer } from './kube-server.ts';
import { type Command, measure } from './measure.ts';
import type { Row } from './row.ts';

/** `short` only shows that a case runs; `long` has the sizes of the goals that take minutes. */
export type Mode = 'short' | 'normal' | 'long';

/** A case by its name. */
export interface Case {
  readonly name: string;
  readonly about: string;
  run(bench: Bench): Promise<Row[]>;
}

/** What cases use: the programs, servers that are started at the first use, and a folder that goes away at the end. */
export class Bench implements AsyncDisposable {
  readonly mode: Mode;
  /** `node main.js`, as measured. */
  readonly program: readonly string[];
  readonly folder = mkdtempSync(join(tmpdir(), 'kube-lite-bench-'));
  readonly #closing: (() => Promise<unknown>)[] = [];
  #server: Promise<KubeServer> | undefined;
  #etcd: Promise<EtcdServer> | undefined;
  #names = 0;

  constructor(mode: Mode, program: readonly string[]) {
    this.mode = mode;
    this.program = program;
  }

  /** One of three values by mode. */
  size<T>(short: T, normal: T, long = normal): T {
    return { short, normal, long }[this.mode];
  }

  kubeLite(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
    return { argv: [...this.program, ...args], env };
  }

  async kubectl(args: readonly string[]): Promise<Command> {
    return { argv: [await kubectlBinary(), ...args] };
  }

  /** What nobody can be faster than: Node.js doing nothing. */
  readonly bareNode: Command = { argv: [process.execPath, '-e', '0'] };

  async server(): Promise<KubeServer> {
    this.#server ??= this.#started(async () => startServer(this.program, this.newFolder('server')));
    return this.#server;
  }

  async etcd(): Promise<EtcdServer> {
    this.#etcd ??= this.#started(async () => startEtcd());
    return this.#etcd;
  }

  /** A name that was not used before. */
  newName(what: string): string {
    return `${what}-${++this.#names}`;
  }

  /** The path of a folder, made by whoever needs it. */
  newFolder(what: string): string {
    return join(this.folder, this.newName(what));
  }

  /** A new namespace on the server; its name. */
  async newNamespace(): Promise<string> {
    const { kubeconfig } = await this.server();
    const name = this.newName('bench');
    await measure([this.kubeLite(['create', 'namespace', name, '--kubeconfig', kubeconfig])]);
    return name;
  }

  async #started<T extends { stop(): Promise<unknown> }>(start: () => Promise<T>): Promise<T> {
    const started = await start();
    this.#closing.push(async () => started.stop());
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
