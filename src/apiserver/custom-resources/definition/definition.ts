import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, flagIn, numberIn, objectIn, objectsIn, partOf, textIn } from '../../kinds/fields.ts';
import type { ScalePaths } from '../../served-resource.ts';
import { pruneDefaults } from '../schema/prune-defaults.ts';
import { readSchema, type Schema } from '../schema/schema.ts';
import { conditionOf, isConditionTrue } from './conditions.ts';
import { type DefinitionNames, namesIn } from './definition-names.ts';

/** A column that a definition adds to its table. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  readonly jsonPath: string;
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly deprecationWarning: string | undefined;
  /** Its defaults hold nothing that the schema does not specify. */
  readonly schema: Schema | undefined;
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  readonly columns: readonly PrinterColumn[];
  /** `.spec.color` … */
  readonly selectableFields: readonly string[];
}

/** A CustomResourceDefinition (apiextensions.k8s.io/v1), read for serving. */
export interface Definition {
  readonly name: string;
  readonly group: string;
  readonly namespaced: boolean;
  readonly names: DefinitionNames;
  readonly versions: readonly DefinitionVersion[];
  readonly storageVersion: string;
  readonly webhookConversion: boolean;
  readonly preserveUnknownFields: boolean;
  /** Whether its names were looked at: somebody set its condition NamesAccepted. */
  readonly settled: boolean;
  /** Whether it is served: its names are accepted, or were once. */
  readonly accepted: boolean;
  readonly established: boolean;
  /** Whether it is being deleted. */
  readonly terminating: boolean;
}

/** Reads a stored definition, in version v1. */
export function readDefinition(object: KubeObject): Definition {
  const spec = partOf(object, 'spec');
  const versions = objectsIn(spec, 'versions').map(readVersion);
  const established = isConditionTrue(object, 'Established');
  return {
    name: object.metadata.name ?? '',
    group: textIn(spec, 'group'),
    namespaced: textIn(spec, 'scope') === 'Namespaced',
    names: namesIn(partOf(object, 'status', 'acceptedNames')),
    versions,
    storageVersion: versions.find(({ storage }) => storage)?.name ?? '',
    webhookConversion: textIn(partOf(spec, 'conversion'), 'strategy') === 'Webhook',
    preserveUnknownFields: flagIn(spec, 'preserveUnknownFields'),
    settled: conditionOf(object, 'NamesAccepted') !== undefined,
    accepted: established || isConditionTrue(object, 'NamesAccepted'),
    established,
    terminating: typeof object.metadata.deletionTimestamp === 'string',
  };
}

function readVersion(version: Fields): DefinitionVersion {
  const schema = partOf(version, 'schema')['openAPIV3Schema'] as JsonValue | undefined;
  const subresources = partOf(version, 'subresources');
  const scale = objectIn(subresources, 'scale');
  return {
    name: textIn(version, 'name'),
    served: flagIn(version, 'served'),
    storage: flagIn(version, 'storage'),
    deprecated: flagIn(version, 'deprecated'),
    deprecationWarning: version['deprecationWarning'] === undefined ? undefined : textIn(version, 'deprecationWarning'),
    schema: isJsonObject(schema) ? pruneDefaults(readSchema(schema)) : undefined,
    status: objectIn(subresources, 'status') !== undefined,
    scale: scale === undefined ? undefined : readScale(scale),
    columns: objectsIn(version, 'additionalPrinterColumns').map(readColumn),
    selectableFields: objectsIn(version, 'selectableFields').map((each) => textIn(each, 'jsonPath')),
  };
}

function readScale(scale: Fields): ScalePaths {
  return {
    specReplicasPath: textIn(scale, 'specReplicasPath'),
    statusReplicasPath: textIn(scale, 'statusReplicasPath'),
    labelSelectorPath: textIn(scale, 'labelSelectorPath'),
  };
}

function readColumn(column: Fields): PrinterColumn {
  return {
    name: textIn(column, 'name'),
    type: textIn(column, 'type'),
    format: textIn(column, 'format'),
    description: textIn(column, 'description'),
    priority: numberIn(column, 'priority') ?? 0,
    jsonPath: textIn(column, 'jsonPath'),
  };
}
