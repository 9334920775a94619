import { isJsonObject } from '../../model/json-value.ts';
import type { JsonPathNode } from '../../model/jsonpath/json-path-node.ts';
import { RawJson } from '../../model/raw-json.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { noResourceError } from '../no-resource-error.ts';
import { visibleOutput } from '../../printers/visible-output.ts';

interface ExplainOptions {
  /** TYPE with fields behind it: `pods.spec.containers`. */
  readonly argument: string;
  readonly recursive: boolean;
  readonly apiVersion: string;
}

/** `explain`: the fields of a type, from the server's OpenAPI documents. */
export const explain: Command = defineCommand<ExplainOptions>({
  use: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]',
  description: `Describe the fields of a type, or of a field of it: pods.spec.containers.

 What there is to say comes from the server's OpenAPI documents. kube-lite's own have the fields and types of all kinds, without texts.`,
  examples: [
    { comment: 'The fields of pods', command: 'kubectl explain pods' },
    { comment: 'Those of one field', command: 'kubectl explain pods.spec.containers' },
    { comment: 'With the fields of fields', command: 'kubectl explain deployment --recursive' },
    { comment: 'In another version', command: 'kubectl explain horizontalpodautoscalers --api-version=autoscaling/v1' },
  ],
  storesNothing: true,
  flags: [
    { name: 'api-version', type: 'string', usage: 'API version (group/version) to describe the type in.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'plaintext',
      values: ['plaintext'],
      usage: 'Format; plaintext is the only one.',
    },
    { name: 'recursive', type: 'bool', default: 'false', usage: 'Show the fields of fields too, by name.' },
  ],
  parse({ args, flags, programName }) {
    const [argument] = args;
    if (argument === undefined) {
      throw new UserError(
        `You must specify the type of resource to explain. Use "${programName} api-resources" for a complete list of supported resources.\n`,
      );
    }
    if (args.length > 1) throw new UserError('We accept only this format: explain RESOURCE\n');
    const output = flags.string('output');
    if (output === 'plaintext-openapiv2') {
      throw new UserError('plaintext-openapiv2 is not built; plaintext says the same from OpenAPI v3');
    }
    if (output !== 'plaintext') throw new UserError(`unrecognized format: ${output}`);
    return { argument, recursive: flags.bool('recursive'), apiVersion: flags.string('api-version') };
  },
  run,
});

async function run({ argument, recursive, apiVersion }: ExplainOptions, context: Context): Promise<void> {
  const { resource, fields } = await parseArgument(argument, apiVersion, context);
  const wanted = { ...resource, ...groupVersion(apiVersion, resource) };
  const document = await openApiDocument(wanted, context);
  const { explainModel } = await import('../../printers/explain-model.ts');
  explainModel({ document, resource: wanted, fields, recursive }, visibleOutput(context.streams.out));
}

type Gvr = Pick<ResourceInfo, 'group' | 'version' | 'plural'>;

function groupVersion(apiVersion: string, { group, version }: Gvr): { group: string; version: string } {
  if (apiVersion === '') return { group, version };
  const parts = apiVersion.split('/');
  if (parts.length > 2) throw new UserError(`unexpected GroupVersion string: ${apiVersion}`);
  const [first = '', second] = parts;
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/**
 * The type and the path behind it. Where several groups have the type, the first whose name with group begins the argument
 * is meant (`events.events.k8s.io.reason`), else the server's first.
 */
async function parseArgument(
  argument: string,
  apiVersion: string,
  context: Context,
): Promise<{ resource: Gvr; fields: string[] }> {
  const [head, ...below] = await nodesOf(argument);
  if (head?.type !== 'field') throw new UserError('invalid jsonpath syntax, first node must be field node');
  if (head.name === '') throw new UserError('a resource must be present, got: /, Resource=');
  const found = resourcesNamed(head.name.toLowerCase(), await (await context.client()).mapper.all());
  const [first] = found;
  if (first === undefined) throw noResourceError(head.name, '');
  if (apiVersion !== '') return { resource: first, fields: namesOf(below, 'all nodes must be field nodes') };
  for (const resource of found) {
    const name = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
    if (!argument.startsWith(name)) continue;
    const rest = await nodesOf(argument.slice(name.length));
    return { resource, fields: namesOf(rest.slice(1), 'first node must be field node') };
  }
  return { resource: first, fields: namesOf(below, 'first node must be field node') };
}

async function nodesOf(path: string): Promise<readonly JsonPathNode[]> {
  const { parseTemplate } = await import('../../model/jsonpath/parse-json-path.ts');
  const [list] = parseTemplate(`{.${path}}`).nodes;
  return list?.type === 'list' ? list.nodes : [];
}

function namesOf(nodes: readonly JsonPathNode[], rule: string): string[] {
  return nodes.map((node) => {
    if (node.type === 'field') return node.name;
    throw new UserError(`invalid jsonpath syntax, ${rule}`);
  });
}

function resourcesNamed(name: string, all: readonly ResourceInfo[]): ResourceInfo[] {
  const named = all.filter(({ plural, singular }) => plural === name || singular === name);
  if (named.length > 0) return named;
  const short = all.find(({ shortNames }) => shortNames.includes(name));
  return short === undefined ? [] : all.filter(({ plural, group }) => plural === short.plural && group === short.group);
}

async function openApiDocument({ group, version, plural }: Gvr, context: Context): Promise<Record<string, unknown>> {
  const place = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  try {
    const document = await getObject(`/openapi/v3/${place}`, context);
    if (document !== undefined) return document;
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
  await requireOpenApi(context);
  throw new UserError(`couldn't find resource for "${group}/${version}, Resource=${plural}"`);
}

/** Says so when the server has no OpenAPI v3 documents at all. */
async function requireOpenApi(context: Context): Promise<void> {
  try {
    await getObject('/openapi/v3', context);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
    throw new UserError('the server has no OpenAPI v3 documents, from which types are explained', { cause: error });
  }
}

async function getObject(path: string, context: Context): Promise<Record<string, unknown> | undefined> {
  const client = await context.client();
  const { body } = await client.request({
    method: 'GET',
    path,
    headers: { accept: 'application/json' },
    signal: context.signal,
  });
  const value: unknown = body instanceof RawJson ? body.toJSON() : body;
  return isJsonObject(value) ? value : undefined;
}
