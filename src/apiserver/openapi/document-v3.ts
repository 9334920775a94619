import type { JsonObject } from '../../model/json-value.ts';
import { ContentSchemas, type DocumentedResource } from './describe-resources.ts';
import type { GroupVersionKind } from './definitions.ts';
import type { OperationParameter } from './operation-parameters.ts';
import { groupWord, type Operation, operationPaths } from './operations.ts';
import { statusText } from './status-text.ts';

const ANSWER_TYPES = ['application/json'];

/** The OpenAPI 3.0 document of one group and version. */
export function documentV3(
  resources: readonly DocumentedResource[],
  groupVersions: readonly Pick<GroupVersionKind, 'group' | 'version'>[],
  gitVersion: string,
): JsonObject {
  const content = new ContentSchemas('v3', groupVersions, resources);
  const paths: Record<string, JsonObject> = {};
  for (const resource of resources) {
    const { group, version } = resource.info;
    const tags = [`${groupWord(group)}_${version}`];
    for (const { path, parameters, operations } of operationPaths(resource)) {
      const item: JsonObject = { ...paths[path] };
      for (const operation of operations) item[operation.method] = { ...operationObject(operation, content), tags };
      item['parameters'] = parameters.map(parameterObject);
      paths[path] = item;
    }
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: gitVersion },
    paths: Object.fromEntries(Object.entries(paths).sort(([left], [right]) => (left < right ? -1 : 1))),
    components: { schemas: content.definitions.all() },
  };
}

function operationObject({ id, kind, action, ...operation }: Operation, content: ContentSchemas): JsonObject {
  const { body, parameters, codes } = operation;
  const answer = content.schemaOf(operation.answer);
  const answerTypes = operation.answer === 'text' ? ['text/plain'] : ANSWER_TYPES;
  const responses: Record<string, JsonObject> = {};
  for (const code of codes) {
    responses[String(code)] = { description: statusText(code), content: mediaTypes(answerTypes, answer) };
  }
  responses['401'] = { description: statusText(401) };
  return {
    operationId: id,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterObject) }),
    ...(body === undefined ? {} : { requestBody: { content: mediaTypes(body.types, content.schemaOf(body.content)) } }),
    responses,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...kind },
  };
}

function mediaTypes(types: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function parameterObject({ name, in: place, type, required }: OperationParameter): JsonObject {
  return { name, in: place, ...(required ? { required } : {}), schema: { type, uniqueItems: true } };
}
