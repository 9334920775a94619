import type { ResourceScope } from '../../client/client.ts';
import { compactJson } from '../../model/json-printer.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { createPrinter } from '../../printers/create-printer.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { lastAppliedAnnotation } from '../last-applied.ts';
import { type CreateResult, createdLine, createOr, type IfExists, ifExistsFlag, ifExistsOf } from './if-exists.ts';
import { printFormatOf } from '../print-format.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  objectFormats,
  outputFlags,
  saveConfigFlag,
  validateFlag,
} from '../shared-flags.ts';

/** The flags that every generator has. */
export const generatorFlags: readonly Flag[] = [
  ...outputFlags(objectFormats),
  dryRunFlag,
  validateFlag,
  fieldManagerFlag('kubectl-create'),
  saveConfigFlag,
  ifExistsFlag,
];

/** What the common flags of a generator say. */
export interface GeneratorOptions {
  readonly dryRun: DryRun;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly ifExists: IfExists;
  readonly format: PrintFormat;
}

export function generatorOptions(flags: FlagValues): GeneratorOptions {
  return {
    dryRun: dryRunOf(flags).dryRun,
    fieldValidation: fieldValidationOf(flags),
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    ifExists: ifExistsOf(flags),
    format: printFormatOf(flags),
  };
}

/** An object that a generator made; its fields are in Go's order, which JSON output keeps. */
export interface Generated {
  readonly object: KubeObject;
  /** Goes before the message of a failed create, as in `failed to create configmap: `. Empty keeps the server's own form. */
  readonly failure: string;
}

/** Creates what a generator made, or prints it for a dry run. The namespace is put in only when it was asked for. */
export async function createGenerated(
  generated: Generated,
  options: GeneratorOptions,
  context: Context,
): Promise<void> {
  const printer = await createPrinter(options.format, { keepOrder: true });
  const placed = await withNamespace(generated.object, context);
  const object = options.saveConfig ? withGeneratedRecord(placed) : placed;
  const result: CreateResult =
    options.dryRun === 'client'
      ? { object, operation: 'created' }
      : await send(object, generated.failure, options, context);
  if (options.format.output === '' && options.format.template === '') {
    context.streams.out.write(createdLine(qualifiedName(result.object), result.operation, options.dryRun));
  } else {
    printer.print(result.object, context.streams.out);
  }
}

async function withNamespace(object: KubeObject, context: Context): Promise<KubeObject> {
  const { name, explicit } = await context.namespace();
  if (!explicit || CLUSTER_SCOPED.has(object.kind)) return object;
  const { name: objectName, ...rest } = object.metadata;
  return {
    ...object,
    metadata: { ...(objectName === undefined ? {} : { name: objectName }), namespace: name, ...rest },
  };
}

/** The kinds that generators make and that have no namespace; known here so that a client dry run needs no mapper. */
const CLUSTER_SCOPED = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass']);

/** The object with its own configuration recorded, as kubectl records what it made itself: in Go's order. */
export function withGeneratedRecord(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations, ...rest } = object.metadata;
  const record = `${compactJson(object)}\n`;
  const metadata = {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    annotations: { ...annotations, [lastAppliedAnnotation]: record },
    ...rest,
  };
  return { ...object, metadata };
}

async function send(
  object: KubeObject,
  failure: string,
  options: GeneratorOptions,
  context: Context,
): Promise<CreateResult> {
  const client = await context.client();
  const resource = await client.mapper.resourceForKind(object.apiVersion, object.kind);
  if (resource === undefined) {
    throw new UserError(
      `no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}`,
    );
  }
  const scope: ResourceScope = resource.namespaced
    ? { resource, namespace: (await context.namespace()).name }
    : { resource };
  try {
    return await createOr(
      { client, scope, object, ifExists: options.ifExists },
      {
        dryRun: options.dryRun === 'server',
        fieldManager: options.fieldManager,
        fieldValidation: options.fieldValidation,
        signal: context.signal,
      },
    );
  } catch (error) {
    if (failure !== '' && error instanceof StatusError) {
      throw new UserError(`${failure}${error.message}`, { cause: error });
    }
    throw error;
  }
}
