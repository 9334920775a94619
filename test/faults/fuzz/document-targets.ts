import { buildKustomization } from '../../../src/kustomize/build-kustomization.ts';
import { KustomizeError } from '../../../src/kustomize/kustomize-error.ts';
import { readConfig, configObject } from '../../../src/kubeconfig/config-document.ts';
import type { KubeList } from '../../../src/model/kube-object.ts';
import { parseYaml } from '../../../src/model/yaml.ts';
import { createPrinter } from '../../../src/printers/create-printer.ts';
import { configuredValues } from '../../../src/storage/encryption/configured-values.ts';
import { fromGatewayJson, gatewayMethod } from '../../../src/storage/etcd/gateway-json.ts';

const OBJECTS = `apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {k: v}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, labels: {x: z}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: 'i:1', env: [{name: E, valueFrom: {configMapKeyRef: {name: c, key: k}}}]}]}
`;

/** Builds a kustomization beside two objects, with no other file to read. */
export function buildOne(text: string): void {
  const files = new Map([
    ['/k/kustomization.yaml', text],
    ['/k/objects.yaml', OBJECTS],
  ]);
  const missing = (path: string): Error =>
    Object.assign(new KustomizeError(`no such file: ${path}`), { code: 'ENOENT', path });
  try {
    buildKustomization('/k', {
      files: {
        absolute: (path) => path,
        realPath: (path) => {
          if (path === '/' || path === '/k' || files.has(path)) return path;
          throw missing(path);
        },
        isFolder: (path) => path === '/' || path === '/k',
        read: (path) => {
          const found = files.get(path);
          if (found === undefined) throw missing(path);
          return Buffer.from(found);
        },
      },
      warn: () => undefined,
    });
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
  }
}

export function readEncryptionConfiguration(text: string): void {
  const values = configuredValues(text, '/registry');
  const key = Buffer.from('/registry/events/a/b');
  try {
    values.fromStorage(key, values.toStorage(key, Buffer.from('value')));
  } catch (error) {
    // What a key manager would have to do is refused, whatever the configuration.
    if (!(error instanceof Error) || !error.message.includes('KMS')) throw error;
  }
}

export function readKubeconfig(text: string): void {
  configObject(readConfig(parseYaml(text), 'fuzz'));
}

/** What another than etcd may answer; the transport makes an error of what this refuses. */
export function readGatewayAnswer(text: string): void {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return;
  }
  for (const method of ['KV/Range', 'KV/Txn'] as const) {
    try {
      fromGatewayJson(answer, gatewayMethod(method).answer);
    } catch (error) {
      if (
        !(error instanceof TypeError) ||
        !/ is (?:not|no) /.test(error.message) ||
        / (?:function|iterable)/.test(error.message)
      ) {
        throw error;
      }
    }
  }
}

/** Prints a list in the format that the input names, as `-o` does. Files are none of an input's business. */
export async function printIn(text: string, list: KubeList): Promise<void> {
  if (text.includes('file')) return;
  const format = { output: text, template: '', allowMissingKeys: true, showManagedFields: false, noHeaders: false };
  const printer = await createPrinter(format, { columns: true });
  printer.print(list, { write: () => undefined, isTerminal: true });
}
