import type { KubeObject } from '../model/kube-object.ts';
import { apiVersionOf, type ResourceInfo } from '../model/schema/resource-info.ts';
import { unknownPath } from '../model/status-errors.ts';
import { describeObject } from '../printers/describe/describe-object.ts';
import { describerOf } from '../printers/describe/describers.ts';
import { describeMissingPod } from '../printers/describe/missing-pod.ts';
import { visibleOutput } from '../printers/visible-output.ts';
import { collectionPages, scopeOf } from './collection-pages.ts';
import type { Context } from './context.ts';
import type { DescribeOptions } from './describe-options.ts';
import { describeSource } from './describe-source.ts';
import { concernsOneObject, Failures, isNotFound } from './failures.ts';
import { resolveTargets, type TargetRequest } from './resolve-targets.ts';

/** An object that is to be described. */
interface Found {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** Absent for one that only a manifest names. */
  readonly object?: KubeObject;
}

/** Describes what the arguments, selectors and manifests mean; objects are found first, and errors come last. */
export async function describeTargets(options: DescribeOptions, context: Context): Promise<void> {
  const { found, failures } = await findObjects({ ...options, bareTypeMeansAll: true }, options, context);
  const [failure] = failures;
  const [type, prefix] = options.args;
  if (
    options.args.length === 2 &&
    failures.length === 1 &&
    isNotFound(failure) &&
    type !== undefined &&
    prefix !== undefined
  ) {
    return describeMatching({ type, prefix, failure }, options, context);
  }
  const collected = new Failures();
  if (failures.length > 0) collected.add(oneError(failures));
  const said = new Set<string>();
  let first = true;
  for (const each of found) {
    try {
      const text = await describeFound(each, options, context);
      visibleOutput(context.streams.out).write(first ? text : `\n\n${text}`);
      first = false;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!said.has(message)) collected.add(error);
      said.add(message);
    }
  }
  if (found.length === 0 && !collected.any) {
    const where = options.allNamespaces ? '' : ` in ${(await context.namespace()).name} namespace.`;
    context.streams.err.write(`No resources found${where}\n`);
  }
  collected.throwAsSeveral();
}

/** What was looked for, and how it failed. */
interface Missing {
  readonly type: string;
  readonly prefix: string;
  readonly failure: unknown;
}

/** Describes the objects of a type whose names start with what no object's name is. */
async function describeMatching(
  { type, prefix, failure }: Missing,
  options: DescribeOptions,
  context: Context,
): Promise<void> {
  const request: TargetRequest = {
    args: [type],
    filenames: [],
    recursive: false,
    bareTypeMeansAll: true,
    singleType: true,
  };
  const { found, failures } = await findObjects(request, options, context);
  if (failures.length > 0) throw oneError(failures);
  const matching = found.filter(({ name }) => name.startsWith(prefix));
  if (matching.length === 0) throw failure;
  const out = visibleOutput(context.streams.out);
  for (const each of matching) out.write(`${await describeFound(each, options, context)}\n`);
}

async function findObjects(
  request: TargetRequest,
  { chunkSize }: DescribeOptions,
  context: Context,
): Promise<{ found: Found[]; failures: unknown[] }> {
  const client = await context.client();
  const { signal } = context;
  const found: Found[] = [];
  const failures: unknown[] = [];
  for await (const target of resolveTargets(request, context)) {
    if (target.kind === 'failure') {
      failures.push(target.error);
      continue;
    }
    const { resource } = target;
    const add = (object: KubeObject): void => {
      const { name = '', namespace = '' } = object.metadata;
      found.push({ resource, namespace, name, object });
    };
    try {
      if (target.kind === 'collection') {
        const pages = collectionPages(target, chunkSize, (options) =>
          client.list(scopeOf(target), { ...options, signal }),
        );
        for await (const page of pages) page.items.forEach(add);
      } else if (target.manifest === undefined) {
        add(await client.get(scopeOf(target), target.name, { signal }));
      } else {
        found.push({ resource, namespace: target.namespace ?? '', name: target.name });
      }
    } catch (error) {
      if (!concernsOneObject(error)) throw error;
      failures.push(error);
    }
  }
  return { found, failures };
}

function oneError(failures: readonly unknown[]): unknown {
  return failures.length === 1 ? failures[0] : new AggregateError(failures);
}

async function describeFound(
  found: Found,
  { chunkSize, showEvents }: DescribeOptions,
  context: Context,
): Promise<string> {
  const { resource, namespace, name } = found;
  const entry = describerOf(resource.group, resource.kind);
  const source = describeSource(context, chunkSize);
  const own = apiVersionOf(resource);
  const apiVersion = entry === undefined ? own : await servedVersion(entry.apiVersions, resource.kind, context);
  const now = context.now();
  let { object } = found;
  if (object === undefined || apiVersion !== own) {
    try {
      object = await source.get({ apiVersion, kind: resource.kind, namespace }, name);
    } catch (error) {
      const left =
        showEvents && isPod(resource) ? await describeMissingPod({ namespace, name, error, source, now }) : undefined;
      if (left === undefined) throw error;
      return left;
    }
  }
  return describeObject(entry, { object, source, showEvents, now });
}

function isPod({ group, kind }: ResourceInfo): boolean {
  return group === '' && kind === 'Pod';
}

/** The first of the versions that the server serves. */
async function servedVersion(apiVersions: readonly string[], kind: string, context: Context): Promise<string> {
  const { mapper } = await context.client();
  for (const apiVersion of apiVersions) {
    if ((await mapper.resourceForKind(apiVersion, kind)) !== undefined) return apiVersion;
  }
  throw unknownPath();
}
