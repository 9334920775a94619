/** How a field of a kubeconfig is read and written. `any` is kept as it is. */
export type FieldKind = 'string' | 'bool' | 'bytes' | 'strings' | 'stringMap' | 'any' | ConfigType;

export interface ConfigField {
  /** The name in files. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Whether an empty value is left out of files; otherwise it is written as empty, or as null. */
  readonly omitEmpty: boolean;
  /** The name in property paths, where it differs. */
  readonly property?: string;
}

/** A struct of k8s.io/client-go/tools/clientcmd/api/v1; its fields in Go's order. */
export interface ConfigType {
  /** The Go type's name, as error texts have it. */
  readonly name: string;
  readonly fields: readonly ConfigField[];
}

const optional = (name: string, kind: FieldKind, property?: string): ConfigField => ({
  name,
  kind,
  omitEmpty: true,
  ...(property === undefined ? {} : { property }),
});
const always = (name: string, kind: FieldKind): ConfigField => ({ name, kind, omitEmpty: false });

export const clusterType: ConfigType = {
  name: 'Cluster',
  fields: [
    always('server', 'string'),
    optional('tls-server-name', 'string'),
    optional('insecure-skip-tls-verify', 'bool'),
    optional('certificate-authority', 'string'),
    optional('certificate-authority-data', 'bytes'),
    optional('proxy-url', 'string'),
    optional('disable-compression', 'bool'),
    optional('extensions', 'any'),
  ],
};

const authProviderType: ConfigType = {
  name: 'AuthProviderConfig',
  fields: [always('name', 'string'), always('config', 'stringMap')],
};

const execType: ConfigType = {
  name: 'ExecConfig',
  fields: [
    always('command', 'string'),
    always('args', 'strings'),
    always('env', 'any'),
    optional('apiVersion', 'string'),
    optional('installHint', 'string'),
    always('provideClusterInfo', 'bool'),
    optional('interactiveMode', 'string'),
  ],
};

export const userType: ConfigType = {
  name: 'AuthInfo',
  fields: [
    optional('client-certificate', 'string'),
    optional('client-certificate-data', 'bytes'),
    optional('client-key', 'string'),
    optional('client-key-data', 'bytes'),
    optional('token', 'string'),
    optional('tokenFile', 'string'),
    optional('as', 'string', 'act-as'),
    optional('as-uid', 'string', 'act-as-uid'),
    optional('as-groups', 'strings', 'act-as-groups'),
    optional('as-user-extra', 'any', 'act-as-user-extra'),
    optional('username', 'string'),
    optional('password', 'string'),
    optional('auth-provider', authProviderType),
    optional('exec', execType),
    optional('extensions', 'any'),
  ],
};

export const contextType: ConfigType = {
  name: 'Context',
  fields: [
    always('cluster', 'string'),
    always('user', 'string'),
    optional('namespace', 'string'),
    optional('extensions', 'any'),
  ],
};

export const preferencesType: ConfigType = {
  name: 'Preferences',
  fields: [optional('colors', 'bool'), optional('extensions', 'any')],
};

/** The three maps of a kubeconfig: their field in files, the field of each entry, and the entries' type. */
export const configMaps = {
  clusters: { entry: 'cluster', type: clusterType },
  users: { entry: 'user', type: userType },
  contexts: { entry: 'context', type: contextType },
} as const;

export type ConfigMapName = keyof typeof configMaps;
