import path from 'node:path';
import { parseYaml } from '../model/yaml.ts';
import { printYaml } from '../model/yaml-printer.ts';
import type { Resource } from './resource.ts';

/** Where an object, or a change of one, comes from; `buildMetadata` keeps it in annotations. */
export interface Origin {
  /** The file of an object. */
  readonly path?: string;
  /** The kustomization file of a step. */
  readonly configuredIn?: string;
  /** The step. */
  readonly configuredBy?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

const ORIGIN = 'config.kubernetes.io/origin';
const TRANSFORMATIONS = 'alpha.config.kubernetes.io/transformations';

/** The folder below the one that the build started at, as origins tell it. */
export function originPath(folder: string, file: string): string {
  const joined = path.join(folder, file);
  return joined === '.' ? '' : joined;
}

/** The origin of what a built-in step makes or changes. */
export function stepOrigin(folder: string, file: string, kind: string): Origin {
  return { configuredIn: originPath(folder, file), configuredBy: { apiVersion: 'builtin', kind } };
}

/** The origin of what a step makes or changes that an object of its own configures; undefined when origins are not told. */
export function configuredStepOrigin(step: Resource): Origin | undefined {
  const text = step.annotations.get(ORIGIN);
  if (text === undefined) return undefined;
  const { apiVersion, kind, name, namespace } = step;
  const origin = parseYaml(text) as Origin;
  return {
    ...(origin.path && { configuredIn: origin.path }),
    configuredBy: { apiVersion, kind, name, namespace },
  };
}

export function setFileOrigin(resources: readonly Resource[], file: string): void {
  for (const resource of resources) resource.annotate(ORIGIN, originText({ path: file }, ''));
}

/** Notes the origin of a generated object, unless it has one. */
export function setGeneratedOrigin(resource: Resource, origin: Origin): void {
  if (!resource.annotations.has(ORIGIN)) resource.annotate(ORIGIN, originText(origin, ''));
}

/** Notes that a step changed, or may have changed, the objects. */
export function addTransformation(resources: readonly Resource[], origin: Origin): void {
  for (const resource of resources) {
    const { annotations } = resource;
    if (!annotations.has(ORIGIN)) resource.annotate(ORIGIN, originText(origin, ''));
    else resource.annotate(TRANSFORMATIONS, (annotations.get(TRANSFORMATIONS) ?? '') + originText(origin, '- '));
  }
}

export function removeOrigins(resources: readonly Resource[], buildMetadata: readonly string[]): void {
  for (const resource of resources) {
    const { annotations } = resource;
    if (!buildMetadata.includes('originAnnotations')) annotations.delete(ORIGIN);
    if (!buildMetadata.includes('transformerAnnotations')) annotations.delete(TRANSFORMATIONS);
    resource.annotations = annotations;
  }
}

/** The origin as YAML, in the order of kustomize's struct; `mark` stands before the first line. */
function originText(origin: Origin, mark: '' | '- '): string {
  const lines: string[] = [];
  if (origin.path) lines.push(field('path', origin.path));
  if (origin.configuredIn) lines.push(field('configuredIn', origin.configuredIn));
  if (origin.configuredBy !== undefined) {
    const { apiVersion, kind, name, namespace } = origin.configuredBy;
    lines.push('configuredBy:', `  ${field('apiVersion', apiVersion)}`, `  ${field('kind', kind)}`);
    if (name) lines.push(`  ${field('name', name)}`);
    if (namespace) lines.push(`  ${field('namespace', namespace)}`);
  }
  const indent = ' '.repeat(mark.length);
  return lines.map((line, index) => `${index === 0 ? mark : indent}${line}\n`).join('');
}

function field(name: string, value: string): string {
  return printYaml({ [name]: value }).trimEnd();
}
