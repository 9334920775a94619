import { ConnectionError } from '../../model/connection-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { concurrencyFlag, concurrencyOf } from '../concurrency.ts';
import type { Context } from '../context.ts';
import { type IfExists, ifExistsFlag, ifExistsOf } from '../create/if-exists.ts';
import { Failures, isNotFound } from '../failures.ts';
import { inOrder } from '../in-order.ts';
import { fieldManagerFlag } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { Progress } from '../waves/progress.ts';
import { differencesOnServer, type Imported, importObject } from './import-object.ts';
import { levelsOf } from './levels.ts';
import { OwnerLinks } from './owner-links.ts';
import { type Placing, scopeOfObject, subject } from './place-object.ts';
import { portableObject } from './portable-object.ts';
import { type ObjectSource, openSource } from './read-objects.ts';
import { untilDefined } from './until-defined.ts';

interface ImportOptions {
  readonly file: string;
  readonly ifExists: IfExists;
  readonly orphans: boolean;
  readonly verify: boolean;
  readonly quiet: boolean;
  readonly fieldManager: string;
  /** 0 finds out. */
  readonly concurrency: number;
}

/** `import`: creates the objects that `export` wrote. */
export const importCommand: Command = defineCommand<ImportOptions>({
  use: 'import (FILE | FOLDER | -)',
  description: `Create the objects of a file or folder that export wrote, or of any manifests, and check at the end that they are there and the same.

 Objects keep their order; what needs something that comes later is created at the end. References to owners get the uids of the owners that are there. An object that exists and is the same is left, so that an import which was interrupted can be run again; one that differs is an error, unless --if-exists says otherwise.`,
  examples: [
    { comment: 'Bring a namespace to another cluster', command: 'kubectl --context=new import shop.jsonl' },
    {
      comment: 'Make a local copy of what a snapshot of etcd has',
      command: 'kubectl export -A --etcd-snapshot=backup.db | kubectl import - --data-dir=./copy',
    },
  ],
  flags: [
    ifExistsFlag,
    {
      name: 'orphans',
      type: 'bool',
      default: 'false',
      usage: 'Create objects also when their owners are not there, without the references to them.',
    },
    {
      name: 'verify',
      type: 'bool',
      default: 'true',
      usage: 'Read every object again at the end, and tell what differs.',
    },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', usage: 'Print no line for each object.' },
    fieldManagerFlag('kubectl-import'),
    concurrencyFlag,
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): ImportOptions {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) throw new UsageError('exactly one file, folder or - is required');
  return {
    file,
    ifExists: ifExistsOf(flags),
    orphans: flags.bool('orphans'),
    verify: flags.bool('verify'),
    quiet: flags.bool('quiet'),
    fieldManager: flags.string('field-manager'),
    concurrency: concurrencyOf(flags),
  };
}

async function run(options: ImportOptions, context: Context): Promise<void> {
  const source = await openSource(options.file, context);
  try {
    await new Import(options, context, source).run();
  } finally {
    source.close();
  }
}

/** An object, or what is wrong with a part of the file. */
type Item = { readonly object: KubeObject } | { readonly error: Error };

class Import {
  readonly #options: ImportOptions;
  readonly #context: Context;
  readonly #source: ObjectSource;
  readonly #failures = new Failures();
  readonly #progress: Progress;
  /** What is not to be as the file says: it failed, or differs and was to be left. */
  readonly #excused = new Set<string>();
  #deferred: { object: KubeObject; error: unknown }[] = [];
  #done = 0;

  constructor(options: ImportOptions, context: Context, source: ObjectSource) {
    this.#options = options;
    this.#context = context;
    this.#source = source;
    this.#progress = new Progress(true, context);
  }

  async run(): Promise<void> {
    const client = await this.#context.client();
    const placing: Placing = {
      client,
      links: new OwnerLinks(client, this.#context.signal),
      ifExists: this.#options.ifExists,
      orphans: false,
      fieldManager: this.#options.fieldManager,
      signal: this.#context.signal,
      warn: (text) => this.#context.warn(text),
    };
    try {
      await this.#place(this.#items(), placing);
      await this.#placeDeferred(placing);
    } finally {
      this.#progress.end(true);
    }
    if (this.#done === 0 && !this.#failures.any) throw new UserError(`there are no objects in ${this.#options.file}`);
    if (this.#options.verify) await this.#verify();
    this.#failures.throwAny(this.#done);
  }

  async *#items(): AsyncGenerator<Item> {
    for await (const read of this.#source.objects()) {
      yield 'error' in read ? read : { object: await this.#filled(read.object) };
    }
  }

  /** An object of a manifest without a namespace goes to the one that a command works in. */
  async #filled(object: KubeObject): Promise<KubeObject> {
    const portable = portableObject(object);
    if (portable.metadata.namespace !== undefined) return portable;
    const client = await this.#context.client();
    const resource = await client.mapper.resourceForKind(portable.apiVersion, portable.kind);
    if (resource?.namespaced !== true) return portable;
    const { name } = await this.#context.namespace();
    return { ...portable, metadata: { ...portable.metadata, namespace: name } };
  }

  async #place(items: AsyncIterable<Item> | Iterable<Item>, placing: Placing): Promise<void> {
    this.#progress.enter('importing');
    await inOrder<Item, Imported>({
      items,
      concurrency: this.#options.concurrency,
      context: this.#context,
      // Objects of one kind at once: those of the next may need them.
      laneOf: (item) =>
        'error' in item
          ? undefined
          : { group: `${item.object.apiVersion}/${item.object.kind}`, object: subject(item.object) },
      work: async (item) => {
        if ('error' in item) throw item.error;
        const imported = await importObject(item.object, placing);
        if (item.object.kind === 'CustomResourceDefinition' && 'object' in imported) {
          await untilDefined([imported.object], this.#context);
        }
        return imported;
      },
      settle: (item, outcome) => this.#settle(item, outcome),
    });
  }

  #settle(item: Item, outcome: { readonly result: Imported } | { readonly error: unknown }): void {
    if ('error' in outcome) {
      if (outcome.error instanceof ConnectionError || this.#context.signal.aborted) throw outcome.error;
      this.#fail(item, outcome.error);
      return;
    }
    const { result } = outcome;
    if ('deferred' in result) {
      this.#deferred.push({ object: result.deferred, error: result.error });
      return;
    }
    const { object, operation } = result;
    this.#done++;
    if (operation === 'exists, skipped') this.#excused.add(keyOf(object));
    this.#progress.count(operation);
    if (!this.#options.quiet) this.#progress.line(`${qualifiedName(object)} ${operation}\n`);
  }

  #fail(item: Item, error: unknown): void {
    this.#progress.count('failed');
    if ('object' in item) this.#excused.add(keyOf(item.object));
    const named = error instanceof StatusError && 'object' in item;
    const message = named ? `cannot import ${subject(item.object)}: ${error.message}` : '';
    this.#failures.add(named ? new StatusError({ ...error.status, message }, { cause: error.cause }) : error);
  }

  /** Tries what needed something again, as long as that brings anything. */
  async #placeDeferred(placing: Placing): Promise<void> {
    for (;;) {
      const waiting = this.#deferred;
      if (waiting.length === 0) return;
      this.#deferred = [];
      const orderable = waiting.map(({ object }) => ({
        object,
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace: object.metadata.namespace ?? '',
        name: object.metadata.name ?? '',
        owners: object.metadata.ownerReferences ?? [],
      }));
      for (const level of levelsOf(orderable, new Set())) await this.#place(level, placing);
      if (this.#deferred.length < waiting.length) continue;
      if (this.#options.orphans && !placing.orphans) return this.#placeDeferred({ ...placing, orphans: true });
      for (const { object, error } of this.#deferred) this.#fail({ object }, error);
      return;
    }
  }

  /** Reads everything again and compares it with the file. */
  async #verify(): Promise<void> {
    const { signal } = this.#context;
    const client = await this.#context.client();
    let same = 0;
    await inOrder<Item, string | undefined>({
      items: this.#items(),
      concurrency: this.#options.concurrency,
      context: this.#context,
      laneOf: () => undefined,
      work: async (item) => {
        if ('error' in item || this.#excused.has(keyOf(item.object))) return undefined;
        const { object } = item;
        try {
          const live = await client.get(await scopeOfObject(client, object), object.metadata.name ?? '', { signal });
          const paths = await differencesOnServer(object, live, client, signal);
          return paths.length === 0 ? '' : `${subject(object)} differs from what was imported in ${paths.join(', ')}`;
        } catch (error) {
          if (isNotFound(error)) return `${subject(object)} is not there any more`;
          throw error;
        }
      },
      settle: (_item, outcome) => {
        if ('error' in outcome) throw outcome.error;
        if (outcome.result === '') same++;
        else if (outcome.result !== undefined) this.#failures.add(new UserError(`verification: ${outcome.result}`));
      },
    });
    this.#context.streams.err.write(`${same} verified\n`);
  }
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion.split('/')[0], kind, metadata.namespace ?? '', metadata.name ?? ''].join('\n');
}
