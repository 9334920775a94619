import path from 'node:path';
import { isJsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';
import type { FoundEtcd } from './found-etcd.ts';
import { flagsIn } from './from-pod.ts';

/** What of the host is looked at. */
export interface HostFiles {
  exists(file: string): boolean;
  /** The text of a file; undefined when there is none. Throws UserError when it cannot be read. */
  read(file: string): string | undefined;
}

/** A distribution that has everything in one program: where it keeps its things, and what its variables begin with. */
export interface Distribution {
  readonly name: 'k3s' | 'rke2';
  readonly data: string;
  readonly config: string;
  readonly variables: 'K3S' | 'RKE2';
}

export const distributions: readonly Distribution[] = [
  { name: 'k3s', data: '/var/lib/rancher/k3s', config: '/etc/rancher/k3s/config.yaml', variables: 'K3S' },
  { name: 'rke2', data: '/var/lib/rancher/rke2', config: '/etc/rancher/rke2/config.yaml', variables: 'RKE2' },
];

/** Where flags and variables of a service may be besides. */
const SERVICE_FILES = (name: string): readonly string[] => [
  `/etc/systemd/system/${name}.service`,
  `/etc/systemd/system/${name}-server.service`,
  `/usr/local/lib/systemd/system/${name}-server.service`,
  `/etc/systemd/system/${name}.service.env`,
  `/etc/default/${name}`,
  `/etc/default/${name}-server`,
  `/etc/sysconfig/${name}`,
];

/**
 * Reads the configuration of k3s or RKE2: its config file, the unit and environment files of its service, and what is in its
 * data folder. Throws UserError when it keeps its objects in something else than etcd.
 */
export function etcdOfDistribution(
  distribution: Distribution,
  files: HostFiles,
  configFile = distribution.config,
): FoundEtcd {
  const settings = readSettings(distribution, files, configFile);
  const data = settings.get('data-dir') ?? distribution.data;
  const endpoint = settings.get('datastore-endpoint');
  const encryption = path.join(data, 'server/cred/encryption-config.json');
  const common = {
    source: files.exists(configFile) ? configFile : data,
    prefix: '/registry',
    encryptionConfig: files.exists(encryption) ? encryption : undefined,
  };
  if (endpoint !== undefined && endpoint !== '') {
    if (!/^(https?:\/\/|etcd)/.test(endpoint)) throw otherStore(distribution, endpoint);
    return {
      ...common,
      form: `${distribution.name} with an etcd of its own`,
      endpoints: endpoint.split(',').map((each) => each.trim()),
      caFile: settings.get('datastore-cafile'),
      certFile: settings.get('datastore-certfile'),
      keyFile: settings.get('datastore-keyfile'),
      notes: [],
    };
  }
  const tls = path.join(data, 'server/tls/etcd');
  if (!files.exists(tls) && !files.exists(path.join(data, 'server/db/etcd'))) {
    const sqlite = path.join(data, 'server/db/state.db');
    if (files.exists(sqlite)) {
      throw new UserError(
        `${distribution.name} keeps its objects in SQLite (${sqlite}), not in etcd; export them through its API server`,
      );
    }
    throw new UserError(
      `there is no etcd of ${distribution.name} below ${data}: neither ${tls} nor a datastore-endpoint in ${configFile}`,
    );
  }
  return {
    ...common,
    form: `${distribution.name} with its embedded etcd`,
    endpoints: ['https://127.0.0.1:2379'],
    caFile: path.join(tls, 'server-ca.crt'),
    certFile: path.join(tls, 'client.crt'),
    keyFile: path.join(tls, 'client.key'),
    notes: [],
  };
}

function otherStore({ name }: Distribution, endpoint: string): UserError {
  const scheme = /^([a-z0-9+]+):/.exec(endpoint)?.[1] ?? 'a database';
  return new UserError(
    `${name} keeps its objects in ${scheme} (datastore-endpoint), not in etcd; export them through its API server`,
  );
}

/** Settings by their flags' names; flags beat variables, which beat the config file. */
function readSettings(distribution: Distribution, files: HostFiles, configFile: string): Map<string, string> {
  const settings = new Map<string, string>();
  const config = files.read(configFile);
  if (config !== undefined) for (const [name, value] of configEntries(config, configFile)) settings.set(name, value);
  const texts = SERVICE_FILES(distribution.name).flatMap((file) => files.read(file) ?? []);
  const variable = new RegExp(`^\\s*(?:Environment=)?["']?${distribution.variables}_([A-Z_]+)=(.*?)["']?\\s*$`, 'gm');
  for (const text of texts) {
    for (const [, name = '', value = ''] of text.matchAll(variable)) {
      settings.set(name.toLowerCase().replaceAll('_', '-'), value.replace(/^["']/, ''));
    }
  }
  for (const text of texts) {
    const start = /^ExecStart=([\s\S]*?[^\\])$/m.exec(text)?.[1] ?? '';
    const words = start
      .split(/[\s\\]+/)
      .map((word) => word.replace(/^'|'$/g, ''))
      .filter((word) => word !== '');
    for (const [name, value] of flagsIn(words)) settings.set(name === 'd' ? 'data-dir' : name, value);
  }
  return settings;
}

function configEntries(text: string, file: string): [string, string][] {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (value === null) return [];
  if (!isJsonObject(value)) throw new UserError(`${file}: settings are expected, NAME: VALUE`);
  return Object.entries(value).flatMap(([name, each]): [string, string][] =>
    typeof each === 'string' ? [[name, each]] : [],
  );
}
