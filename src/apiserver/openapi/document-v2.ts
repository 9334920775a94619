import type { JsonObject } from '../../model/json-value.ts';
import { ContentSchemas, type DocumentedResource } from './describe-resources.ts';
import type { GroupVersionKind } from './definitions.ts';
import type { OperationParameter } from './operation-parameters.ts';
import { type Operation, operationPaths } from './operations.ts';
import { statusText } from './status-text.ts';

/** The Swagger 2.0 document of all resources. */
export function documentV2(
  resources: readonly DocumentedResource[],
  groupVersions: readonly Pick<GroupVersionKind, 'group' | 'version'>[],
  gitVersion: string,
): JsonObject {
  const content = new ContentSchemas('v2', groupVersions, resources);
  const paths: Record<string, JsonObject> = {};
  for (const resource of resources) {
    for (const { path, parameters, operations } of operationPaths(resource)) {
      const item: JsonObject = { ...paths[path] };
      for (const operation of operations) item[operation.method] = operationObject(operation, content);
      item['parameters'] = parameters.map(parameterObject);
      paths[path] = item;
    }
  }
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: gitVersion },
    paths: Object.fromEntries(Object.entries(paths).sort(([left], [right]) => (left < right ? -1 : 1))),
    definitions: content.definitions.all(),
  };
}

function operationObject({ id, kind, action, ...operation }: Operation, content: ContentSchemas): JsonObject {
  const { body, parameters, codes } = operation;
  const schema = content.schemaOf(operation.answer);
  const responses: Record<string, JsonObject> = {};
  for (const code of codes) responses[String(code)] = { description: statusText(code), schema };
  responses['401'] = { description: statusText(401) };
  const bodies = body === undefined ? [] : [bodyParameter(body.content, content)];
  return {
    operationId: id,
    consumes: [...(body?.types ?? ['*/*'])],
    produces: operation.answer === 'text' ? ['text/plain'] : ['application/json'],
    schemes: ['https'],
    parameters: [...bodies, ...parameters.map(parameterObject)],
    responses,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...kind },
  };
}

function bodyParameter(sent: NonNullable<Operation['body']>['content'], content: ContentSchemas): JsonObject {
  const optional = typeof sent === 'object' && sent.kind === 'DeleteOptions';
  return { name: 'body', in: 'body', ...(optional ? {} : { required: true }), schema: content.schemaOf(sent) };
}

function parameterObject({ name, in: place, type, required }: OperationParameter): JsonObject {
  return { name, in: place, ...(required ? { required } : {}), type, uniqueItems: true };
}
