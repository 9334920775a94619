import path from 'node:path';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { FoundEtcd } from './found-etcd.ts';

/**
 * Reads a Pod (a static pod's manifest, or one of the cluster) of an API server or of etcd itself. `exists` tells whether a file is
 * there. Throws UserError for one that is neither, and for an API server without etcd.
 */
export function etcdOfPod(pod: JsonObject, source: string, exists: (file: string) => boolean): FoundEtcd {
  const spec = isJsonObject(pod['spec']) ? pod['spec'] : {};
  const containers = objects(spec['containers']);
  for (const container of containers) {
    const flags = flagsOf(container);
    const onHost = (file: string | undefined): string | undefined =>
      file === undefined ? undefined : hostPath(file, container, spec);
    if (flags.has('etcd-servers')) return ofApiServer(flags, onHost, source);
    if (flags.has('listen-client-urls') || flags.has('advertise-client-urls')) {
      return ofEtcd(flags, onHost, source, exists);
    }
  }
  const api = containers.some((each) => words(each).some((word) => /(^|\/)kube-apiserver$/.test(word)));
  throw new UserError(
    api
      ? `${source}: the API server has no --etcd-servers; its etcd is configured elsewhere`
      : `${source}: the pod has no container of an API server (--etcd-servers) or of etcd (--listen-client-urls)`,
  );
}

type OnHost = (file: string | undefined) => string | undefined;

function ofApiServer(flags: ReadonlyMap<string, string>, onHost: OnHost, source: string): FoundEtcd {
  const overrides = flags.get('etcd-servers-overrides');
  return {
    source,
    form: "an API server's pod",
    endpoints: list(flags.get('etcd-servers')),
    caFile: onHost(flags.get('etcd-cafile')),
    certFile: onHost(flags.get('etcd-certfile')),
    keyFile: onHost(flags.get('etcd-keyfile')),
    prefix: flags.get('etcd-prefix') || '/registry',
    encryptionConfig: onHost(flags.get('encryption-provider-config')),
    notes: overrides === undefined ? [] : [`some resources are in another etcd: --etcd-servers-overrides=${overrides}`],
  };
}

function ofEtcd(
  flags: ReadonlyMap<string, string>,
  onHost: OnHost,
  source: string,
  exists: (file: string) => boolean,
): FoundEtcd {
  const advertised = list(flags.get('advertise-client-urls'));
  const endpoints = advertised.length > 0 ? advertised : list(flags.get('listen-client-urls'));
  const caFile = onHost(flags.get('trusted-ca-file'));
  const certFile = onHost(flags.get('cert-file'));
  const keyFile = onHost(flags.get('key-file'));
  const notes = ["prefix and encryption are the API server's; its own manifest tells them"];
  // kubeadm makes a client certificate for its probes beside the server's.
  const folder = certFile === undefined ? undefined : path.dirname(certFile);
  const probe = folder === undefined ? undefined : path.join(folder, 'healthcheck-client.crt');
  const form = "etcd's own pod";
  if (probe !== undefined && folder !== undefined && exists(probe)) {
    const key = path.join(folder, 'healthcheck-client.key');
    return { source, form, endpoints, caFile, certFile: probe, keyFile: key, prefix: '/registry', notes };
  }
  if (certFile !== undefined) notes.push("the certificate is the server's own; an etcd may refuse it as a client's");
  return { source, form, endpoints, caFile, certFile, keyFile, prefix: '/registry', notes };
}

/** The flags of a container's command and arguments: `--name=value` or `--name value`. */
function flagsOf(container: JsonObject): Map<string, string> {
  return flagsIn(words(container));
}

/** The flags among words; the last one of a name counts. */
export function flagsIn(all: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const [index, word] of all.entries()) {
    const found = /^--?([\w.-]+)(?:=([\s\S]*))?$/.exec(word);
    if (found === null) continue;
    const next = all[index + 1];
    flags.set(found[1] ?? '', found[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  }
  return flags;
}

/** A command may be one shell script; its words are taken apart at spaces. */
function words(container: JsonObject): string[] {
  const all = ['command', 'args'].flatMap((field) => {
    const value = container[field];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  });
  return all.flatMap((each) => (/\s--?\w/.test(each) ? each.split(/[\s\\]+/).filter((word) => word !== '') : [each]));
}

/** Where a container's file is on its host, by the mount that is nearest to it. */
function hostPath(file: string, container: JsonObject, spec: JsonObject): string {
  const volumes = objects(spec['volumes']);
  let nearest = '';
  let result = file;
  for (const mount of objects(container['volumeMounts'])) {
    const { mountPath, name, subPath } = mount;
    if (typeof mountPath !== 'string') continue;
    const inside = file === mountPath || file.startsWith(`${mountPath.replace(/\/$/, '')}/`);
    const volume = volumes.find((each) => each['name'] === name);
    const host = volume === undefined ? undefined : volume['hostPath'];
    if (!inside || mountPath.length <= nearest.length || !isJsonObject(host) || typeof host['path'] !== 'string') {
      continue;
    }
    nearest = mountPath;
    result = path.posix.join(host['path'], typeof subPath === 'string' ? subPath : '', file.slice(mountPath.length));
  }
  return result.length > 1 ? result.replace(/\/$/, '') : result;
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
