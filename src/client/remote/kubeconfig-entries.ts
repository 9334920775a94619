import path from 'node:path';
import { isJsonObject } from '../../model/json-value.ts';

/** A cluster entry; fields that are not set are empty, as in client-go's clientcmd/api. */
export interface ClusterEntry {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  /** An absolute path. */
  readonly certificateAuthority: string;
  /** Base64. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
}

/** A user entry (clientcmd's AuthInfo). File names are absolute, data is base64. */
export interface UserEntry {
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly impersonate: string;
  readonly impersonateUid: string;
  readonly impersonateGroups: readonly string[];
  readonly impersonateUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly authProvider?: Readonly<Record<string, unknown>>;
  readonly exec?: Readonly<Record<string, unknown>>;
}

export interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

/** One kubeconfig, or several merged. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/** Reads a parsed kubeconfig. `folder` is what relative file names start from. Fields of the wrong type count as unset. */
export function readKubeconfig(document: unknown, folder: string): Kubeconfig {
  const config = isJsonObject(document) ? document : {};
  return {
    currentContext: text(config['current-context']),
    clusters: named(config['clusters'], 'cluster', (entry) => clusterEntry(entry, folder)),
    users: named(config['users'], 'user', (entry) => userEntry(entry, folder)),
    contexts: named(config['contexts'], 'context', contextEntry),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Of equal names in one file, the first counts. */
function named<T>(list: unknown, field: string, read: (entry: Fields) => T): Map<string, T> {
  const found = new Map<string, T>();
  for (const item of Array.isArray(list) ? list.filter(isJsonObject) : []) {
    const name = text(item['name']);
    const entry = item[field];
    if (!found.has(name)) found.set(name, read(isJsonObject(entry) ? entry : {}));
  }
  return found;
}

function clusterEntry(entry: Fields, folder: string): ClusterEntry {
  return {
    server: text(entry['server']),
    tlsServerName: text(entry['tls-server-name']),
    insecureSkipTlsVerify: entry['insecure-skip-tls-verify'] === true,
    certificateAuthority: file(entry['certificate-authority'], folder),
    certificateAuthorityData: text(entry['certificate-authority-data']),
    proxyUrl: text(entry['proxy-url']),
    disableCompression: entry['disable-compression'] === true,
  };
}

function userEntry(entry: Fields, folder: string): UserEntry {
  const exec = entry['exec'];
  const authProvider = entry['auth-provider'];
  return {
    clientCertificate: file(entry['client-certificate'], folder),
    clientCertificateData: text(entry['client-certificate-data']),
    clientKey: file(entry['client-key'], folder),
    clientKeyData: text(entry['client-key-data']),
    token: text(entry['token']),
    tokenFile: file(entry['tokenFile'], folder),
    username: text(entry['username']),
    password: text(entry['password']),
    impersonate: text(entry['as']),
    impersonateUid: text(entry['as-uid']),
    impersonateGroups: texts(entry['as-groups']),
    impersonateUserExtra: extra(entry['as-user-extra']),
    ...(isJsonObject(authProvider) ? { authProvider } : {}),
    ...(isJsonObject(exec) ? { exec: { ...exec, command: command(exec['command'], folder) } } : {}),
  };
}

function contextEntry(entry: Fields): ContextEntry {
  return { cluster: text(entry['cluster']), user: text(entry['user']), namespace: text(entry['namespace']) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function extra(value: unknown): Record<string, string[]> {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, values]) => [key, texts(values)]));
}

function file(value: unknown, folder: string): string {
  return text(value) === '' ? '' : path.resolve(folder, text(value));
}

/** A command is looked up in $PATH unless it has a slash. */
function command(value: unknown, folder: string): string {
  return text(value).includes(path.sep) ? path.resolve(folder, text(value)) : text(value);
}
