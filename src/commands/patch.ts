import fs from 'node:fs';
import type { PatchType, ResourceScope } from '../client/client.ts';
import { deepEqual } from '../model/deep-equal.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { RawJson } from '../model/raw-json.ts';
import { parseYaml } from '../model/yaml.ts';
import { UserError } from '../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../printers/create-printer.ts';
import { qualifiedName } from '../printers/name-printer.ts';
import { type Command, defineCommand, type Invocation } from './command.ts';
import { concurrencyFlag, concurrencyOf } from './concurrency.ts';
import type { Context } from './context.ts';
import { systemMessage } from './create/data-sources.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from './dry-run.ts';
import { concernsOneObject, Failures } from './failures.ts';
import { inOrder } from './in-order.ts';
import { laneOf } from './lane.ts';
import { printFormatOf } from './print-format.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';
import { dryRunFlag, fieldManagerFlag, fileFlags, objectFormats, outputFlags } from './shared-flags.ts';
import type { Target, TargetFailure } from './target.ts';

const TYPES: Readonly<Record<string, PatchType>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

interface PatchOptions {
  readonly request: TargetRequest;
  readonly type: PatchType;
  readonly patch: string;
  readonly patchFile: string;
  readonly subresource: string;
  readonly local: boolean;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly format: PrintFormat;
  /** 0 finds out. */
  readonly concurrency: number;
}

/** `patch`: changes fields of objects with a strategic merge, merge or JSON patch. */
export const patch: Command = defineCommand<PatchOptions>({
  use: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  description:
    'Change fields of objects with a strategic merge patch, a JSON merge patch, or a JSON patch, in JSON or YAML.',
  examples: [
    {
      comment: 'A strategic merge patch',
      command: `kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'`,
    },
    {
      comment: 'A JSON merge patch',
      command: `kubectl patch configmap my-config --type=merge -p '{"data":{"key1":null}}'`,
    },
    {
      comment: 'A JSON patch',
      command: `kubectl patch configmap my-config --type=json -p='[{"op": "replace", "path": "/data/key2", "value":"new value"}]'`,
    },
  ],
  flags: [
    ...fileFlags('to patch'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    fieldManagerFlag('kubectl-patch'),
    concurrencyFlag,
    {
      name: 'local',
      type: 'bool',
      default: 'false',
      usage: 'Patch what -f names and print it, without asking a server.',
    },
    { name: 'patch', short: 'p', type: 'string', usage: 'The patch, as JSON or YAML.' },
    { name: 'patch-file', type: 'string', usage: 'File with the patch.' },
    { name: 'subresource', type: 'string', usage: 'Patch this subresource: status, scale or resize.' },
    { name: 'type', type: 'string', default: 'strategic', usage: 'Type of the patch: one of [json merge strategic].' },
  ],
  refusesFirst: 'dry-run',
  parse,
  run,
});

function parse({ args, flags }: Invocation): PatchOptions {
  const text = flags.string('patch');
  const patchFile = flags.string('patch-file');
  if (text !== '' && patchFile !== '') throw new UserError('cannot specify --patch and --patch-file together');
  if (!flags.changed('patch') && patchFile === '') {
    throw new UserError('must specify --patch or --patch-file containing the contents of the patch');
  }
  const type = TYPES[flags.string('type').toLowerCase()];
  if (type === undefined) {
    throw new UserError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`);
  }
  const local = flags.bool('local');
  const filenames = flags.list('filename');
  if (local && args.length > 0) throw new UserError('cannot specify --local and server resources');
  const kustomize = flags.given('kustomize');
  return {
    request: {
      args,
      filenames,
      recursive: flags.bool('recursive'),
      local,
      ...(kustomize === undefined ? {} : { kustomize }),
    },
    type,
    patch: text,
    patchFile,
    subresource: flags.string('subresource'),
    local,
    dryRun: dryRunOf(flags).dryRun,
    fieldManager: flags.string('field-manager'),
    format: printFormatOf(flags),
    concurrency: concurrencyOf(flags),
  };
}

async function run(options: PatchOptions, context: Context): Promise<void> {
  const body = patchBody(options);
  const printer = await createPrinter(options.format);
  const failures = new Failures();
  let patched = 0;
  const patching = inOrder<Target | TargetFailure, Patched>({
    items: resolveTargets(options.request, context),
    concurrency: options.concurrency,
    context,
    laneOf,
    work: async (target, held) => patchOne(target, body, options, held),
    settle(target, outcome) {
      if ('error' in outcome) {
        if (target.kind !== 'failure' && !concernsOneObject(outcome.error)) throw outcome.error;
        failures.add(outcome.error);
        return;
      }
      patched++;
      const { object, changed } = outcome.result;
      if (options.format.output === '' && options.format.template === '') {
        const word = changed ? 'patched' : 'patched (no change)';
        context.streams.out.write(`${qualifiedName(object)} ${word}${dryRunSuffix(options.dryRun)}\n`);
      } else {
        printer.print(object, context.streams.out);
      }
    },
  });
  await failures.during(patching);
  failures.throwAny(patched);
}

/** The patch as the server is sent it: text that looks like JSON is left for the server to judge, YAML is read here. */
function patchBody(options: PatchOptions): JsonValue | RawJson {
  const text = options.patchFile === '' ? options.patch : readPatchFile(options.patchFile);
  if (/^\s*\{/.test(text)) return new RawJson(Buffer.from(text));
  try {
    return parseYaml(text);
  } catch (error) {
    throw new UserError(
      `unable to parse ${JSON.stringify(text)}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function readPatchFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`unable to read patch file: open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

interface Patched {
  readonly object: KubeObject;
  readonly changed: boolean;
}

// oxlint-disable-next-line max-params
async function patchOne(
  target: Target | TargetFailure,
  body: JsonValue | RawJson,
  options: PatchOptions,
  context: Context,
): Promise<Patched> {
  if (target.kind === 'failure') throw target.error;
  if (target.kind === 'collection') throw new UserError('resource(s) were provided, but no name was specified');
  const { resource, namespace, name, manifest } = target;
  if (options.local) {
    if (manifest === undefined) throw new UserError('cannot specify --local and server resources');
    return patchHere(manifest.object, body, options);
  }
  const client = await context.client();
  const scope: ResourceScope = {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(options.subresource === '' ? {} : { subresource: options.subresource }),
  };
  const before = await client.get(scope, name, { signal: context.signal });
  if (options.dryRun === 'client') return patchHere(before, body, options);
  const patchOptions = {
    dryRun: options.dryRun === 'server',
    fieldManager: options.fieldManager,
    signal: context.signal,
  };
  const object = await client.patch(scope, name, { type: options.type, body }, patchOptions).catch((error: unknown) => {
    throw unsupportedPatch(error, options.type, resource);
  });
  return { object, changed: !deepEqual(before, object) };
}

/** kubectl tells which type of patch a server refuses for which kind, before what the server says. */
function unsupportedPatch(error: unknown, type: PatchType, { group, version, kind }: ResourceInfo): unknown {
  if (!(error instanceof StatusError) || error.reason !== 'UnsupportedMediaType') return error;
  const apiVersion = `${group}/${version}`;
  return new UserError(`${type} is not supported by ${apiVersion}, Kind=${kind}: ${error.message}`, { cause: error });
}

async function patchHere(object: KubeObject, body: JsonValue | RawJson, { type }: PatchOptions): Promise<Patched> {
  const { patchObject } = await import('./patch-object.ts');
  const patched = await patchObject(object, body instanceof RawJson ? body.toJSON() : body, type);
  return { object: patched, changed: !deepEqual(object, patched) };
}
