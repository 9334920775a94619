import type { KubeObject } from '../../model/kube-object.ts';
import { notFound } from '../../model/status-errors.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import type { ResourcePrinter } from '../../printers/resource-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf, dryRunSuffix } from '../dry-run.ts';
import { Failures, isNotFound } from '../failures.ts';
import { printFormatOf } from '../print-format.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';
import { dryRunFlag, fileFlags, objectFormats, outputFlags } from '../shared-flags.ts';
import type { NamedTarget } from '../target.ts';
import { namesNoFiles, targetRequestOf } from '../target-request.ts';
import {
  AUTO_UPDATE,
  isReconcilable,
  type ReconcileFlags,
  type Reconciliation,
  reconciliationOf,
} from './reconcile-object.ts';

interface ReconcileOptions extends ReconcileFlags {
  readonly request: TargetRequest;
  readonly dryRun: DryRun;
  readonly format: PrintFormat;
}

const VERSION = 'rbac.authorization.k8s.io/v1';
const GROUP = /^rbac\.authorization\.k8s\.io\//;

/** `auth reconcile`: roles and bindings as manifests say, with what others have added to them. */
export const reconcile: Command = defineCommand<ReconcileOptions>({
  use: 'reconcile -f FILENAME',
  description: `Bring roles, cluster roles and their bindings to what manifests say.

 What does not exist is created, with its namespace where that is missing. Permissions and subjects that a present object lacks are added; those that it has besides are only removed with --remove-extra-permissions and --remove-extra-subjects. A binding to another role is deleted and made anew, as its role can never change. Objects of other kinds are passed over.`,
  examples: [
    { comment: 'The roles and bindings of a file', command: 'kubectl auth reconcile -f my-rbac-rules.yaml' },
    {
      comment: 'Exactly those permissions, and no others',
      command: 'kubectl auth reconcile -f my-rbac-rules.yaml --remove-extra-permissions --remove-extra-subjects',
    },
  ],
  flags: [
    ...fileFlags('to reconcile'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    {
      name: 'remove-extra-permissions',
      type: 'bool',
      default: 'false',
      usage: 'Remove permissions that the manifests do not have.',
    },
    {
      name: 'remove-extra-subjects',
      type: 'bool',
      default: 'false',
      usage: 'Remove subjects that the manifests do not have.',
    },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): ReconcileOptions {
  const request = targetRequestOf([], flags, []);
  if (namesNoFiles(request)) throw new UserError('must specify one of -f and -k');
  if (args.length > 0) throw new UserError('no arguments are allowed');
  const { dryRun } = dryRunOf(flags);
  if (dryRun === 'server') throw new UserError('--dry-run=server for command reconcile is not supported yet');
  return {
    request,
    dryRun,
    format: printFormatOf(flags),
    removeExtraPermissions: flags.bool('remove-extra-permissions'),
    removeExtraSubjects: flags.bool('remove-extra-subjects'),
  };
}

async function run(options: ReconcileOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format);
  const failures = new Failures();
  for await (const target of resolveTargets(options.request, context)) {
    if (target.kind === 'failure') {
      failures.add(target.error);
      continue;
    }
    if (target.kind !== 'named' || target.manifest === undefined) continue;
    const wanted = target.manifest.object;
    if (!GROUP.test(wanted.apiVersion) || !isReconcilable(wanted)) continue;
    if (wanted.apiVersion !== VERSION) {
      const version = wanted.apiVersion.replace(GROUP, '');
      throw new UserError(`only ${VERSION} is supported: not *${version}.${wanted.kind}`);
    }
    const done = await reconcileOne(target, wanted, options, context);
    print(done, printer, options, context);
  }
  failures.throwAny();
}

// oxlint-disable-next-line max-params
async function reconcileOne(
  target: NamedTarget,
  wanted: KubeObject,
  options: ReconcileOptions,
  context: Context,
): Promise<Reconciliation> {
  if (target.name === '') throw new UserError('resource name may not be empty');
  const client = await context.client();
  const scope = scopeOf(target);
  const { signal } = context;
  const live = await client.get(scope, target.name, { signal }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const found = reconciliationOf(wanted, live, options);
  if (options.dryRun !== 'none' || found.operation === 'none' || found.optedOut === true) return found;
  switch (found.operation) {
    case 'create':
      if (target.namespace !== undefined) await ensureNamespace(target.namespace, context);
      return { ...found, object: await client.create(scope, found.object, { signal }) };
    case 'update':
      return { ...found, object: await client.update(scope, found.object, { signal }) };
    case 'recreate': {
      const uid = live?.metadata.uid;
      await client.delete(scope, target.name, { signal, ...(uid === undefined ? {} : { preconditions: { uid } }) });
      return { ...found, object: await client.create(scope, found.object, { signal }) };
    }
  }
}

async function ensureNamespace(name: string, context: Context): Promise<void> {
  const client = await context.client();
  const resource = await client.mapper.resourceForKind('v1', 'Namespace');
  if (resource === undefined) throw notFound({ group: '', resource: 'namespaces' }, name);
  const { signal } = context;
  try {
    await client.get({ resource }, name, { signal });
  } catch (error) {
    // Whoever may not look may still create what is inside.
    if (error instanceof StatusError && error.reason === 'Forbidden') return;
    if (!isNotFound(error)) throw error;
    await client.create({ resource }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { signal });
  }
}

// oxlint-disable-next-line max-params
function print(
  { object, operation, changes, optedOut }: Reconciliation,
  printer: ResourcePrinter,
  { format, dryRun }: ReconcileOptions,
  { streams }: Context,
): void {
  const { out, err } = streams;
  if (format.output === '' && format.template === '') {
    out.write(`${qualifiedName(object)} reconciled${dryRunSuffix(dryRun)}\n`);
  } else printer.print(object, out);
  if (operation === 'none') return;
  const but = optedOut === true ? `, but object opted out (${AUTO_UPDATE}: false)` : '';
  err.write(`\treconciliation required ${operation}${but}\n`);
  for (const { heading, lines } of changes) {
    err.write(`\t${heading}\n${lines.map((line) => `\t\t${line}\n`).join('')}`);
  }
}
