import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { builtInResources } from '../../src/model/schema/built-in-resources.ts';
import { apiVersionOf } from '../../src/model/schema/resource-info.ts';
import { parseYaml } from '../../src/model/yaml.ts';

interface Answer {
  readonly code: number;
  readonly body: KubeObject;
}

type Send = (method: 'POST' | 'PUT', path: string, object: KubeObject) => Promise<Answer>;

/** What the server did with objects. */
export interface Posted {
  /** `KIND NAME: MESSAGE` of each that it refused. */
  readonly refused: string[];
}

/**
 * Creates objects on the server of a kubeconfig, and sets the status that they come with. Owners and the objects of events
 * get the uids of the objects that were made before.
 */
export async function postObjects(kubeconfig: string, objects: readonly KubeObject[]): Promise<Posted> {
  const send = await sender(kubeconfig);
  const uids = new Map<string, string>();
  const refused: string[] = [];
  for (const object of objects) {
    const path = collectionPath(object);
    const { status, ...desired } = object;
    setUids(desired, uids);
    const created = await send('POST', path, desired);
    const name = object.metadata.name ?? '';
    if (created.code !== 201) {
      refused.push(`${object.kind} ${name}: ${String(created.body['message'])}`);
      continue;
    }
    uids.set(`${object.kind}/${name}`, created.body.metadata.uid ?? '');
    if (status === undefined) continue;
    const updated = await send('PUT', `${path}/${name}/status`, { ...created.body, status });
    if (updated.code !== 200) refused.push(`${object.kind} ${name} status: ${String(updated.body['message'])}`);
  }
  return { refused };
}

/** The documents of a YAML text. */
export function objectsOf(text: string): KubeObject[] {
  return text.split(/^---$/m).map((document) => parseYaml(document) as unknown as KubeObject);
}

function setUids(object: KubeObject, uids: ReadonlyMap<string, string>): void {
  for (const owner of object.metadata.ownerReferences ?? []) {
    owner.uid = uids.get(`${owner.kind}/${owner.name}`) ?? owner.uid;
  }
  const involved = object['involvedObject'] as { kind: string; name: string; uid?: string } | undefined;
  if (involved === undefined) return;
  const uid = uids.get(`${involved.kind}/${involved.name}`);
  if (uid !== undefined) involved.uid ??= uid;
}

function collectionPath({ apiVersion, kind, metadata }: KubeObject): string {
  const known = builtInResources().find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  const plural = known?.plural ?? `${kind.toLowerCase()}s`;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespaced = known?.namespaced ?? true;
  return `${root}${namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : ''}/${plural}`;
}

async function sender(kubeconfig: string): Promise<Send> {
  const text = await readFile(kubeconfig, 'utf8');
  const found = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  const server = found(/server: "?([^"\n]+)"?/);
  const ca = Buffer.from(found(/certificate-authority-data: (\S+)/), 'base64');
  const headers = { authorization: `Bearer ${found(/token: "([^"]+)"/)}`, 'content-type': 'application/json' };
  const agent = new https.Agent({ ca, keepAlive: true });
  return (method, path, object) =>
    new Promise((resolve, reject) => {
      const request = https.request(`${server}${path}`, { method, headers, agent }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => (answer += part));
        response.on('end', () => resolve({ code: response.statusCode ?? 0, body: JSON.parse(answer) as KubeObject }));
      });
      request.on('error', reject);
      request.end(JSON.stringify(object));
    });
}
