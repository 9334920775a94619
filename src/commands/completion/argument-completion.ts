import type { CompletionSource } from '../flag.ts';

/** What the arguments of a command are. */
export type ArgumentCompletion =
  /** `TYPE NAME…` or `TYPE/NAME…`; of these types alone when they are named. */
  | { readonly kind: 'objects'; readonly types?: readonly string[]; readonly repeat: boolean }
  /** Names of one type, or `TYPE/NAME` of others. */
  | { readonly kind: 'names'; readonly type: string; readonly repeat: boolean }
  | { readonly kind: 'types' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'source'; readonly source: CompletionSource; readonly repeat: boolean };

const objects: ArgumentCompletion = { kind: 'objects', repeat: true };
const oneObject: ArgumentCompletion = { kind: 'objects', repeat: false };
const pod: ArgumentCompletion = { kind: 'names', type: 'pods', repeat: false };
const node: ArgumentCompletion = { kind: 'names', type: 'nodes', repeat: true };
const context: ArgumentCompletion = { kind: 'source', source: 'contexts', repeat: false };
const rollout: ArgumentCompletion = {
  kind: 'objects',
  types: ['deployments.apps', 'daemonsets.apps', 'statefulsets.apps'],
  repeat: true,
};
const templates: ArgumentCompletion = {
  kind: 'objects',
  types: [
    'cronjobs.batch',
    'daemonsets.apps',
    'deployments.apps',
    'jobs.batch',
    'pods',
    'replicasets.apps',
    'statefulsets.apps',
  ],
  repeat: true,
};

/** By command, its words joined by spaces. A command that is not here takes nothing that could be offered. */
const ARGUMENTS: Readonly<Record<string, ArgumentCompletion>> = {
  annotate: objects,
  'api-resources': { kind: 'words', words: [] },
  attach: pod,
  autoscale: {
    kind: 'objects',
    types: ['deployments.apps', 'replicasets.apps', 'replicationcontrollers', 'statefulsets.apps'],
    repeat: false,
  },
  'auth can-i': {
    kind: 'words',
    words: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  },
  completion: { kind: 'words', words: ['bash', 'fish', 'zsh'] },
  'config delete-cluster': { kind: 'source', source: 'clusters', repeat: false },
  'config delete-context': context,
  'config delete-user': { kind: 'source', source: 'users', repeat: false },
  'config get-contexts': { kind: 'source', source: 'contexts', repeat: true },
  'config rename-context': context,
  'config set-cluster': { kind: 'source', source: 'clusters', repeat: false },
  'config set-context': context,
  'config set-credentials': { kind: 'source', source: 'users', repeat: false },
  'config use-context': context,
  cordon: node,
  cp: pod,
  debug: pod,
  delete: objects,
  describe: objects,
  drain: node,
  edit: objects,
  exec: pod,
  explain: { kind: 'types' },
  expose: {
    kind: 'objects',
    types: ['deployments.apps', 'pods', 'replicasets.apps', 'replicationcontrollers', 'services'],
    repeat: false,
  },
  get: objects,
  label: objects,
  logs: pod,
  patch: oneObject,
  'port-forward': pod,
  'rollout history': rollout,
  'rollout pause': { kind: 'objects', types: ['deployments.apps'], repeat: true },
  'rollout restart': rollout,
  'rollout resume': { kind: 'objects', types: ['deployments.apps'], repeat: true },
  'rollout status': rollout,
  'rollout undo': rollout,
  scale: {
    kind: 'objects',
    types: ['deployments.apps', 'replicasets.apps', 'replicationcontrollers', 'statefulsets.apps'],
    repeat: true,
  },
  'set env': templates,
  'set image': templates,
  'set resources': templates,
  'set selector': { kind: 'objects', types: ['services'], repeat: true },
  'set serviceaccount': templates,
  taint: { kind: 'objects', types: ['nodes'], repeat: true },
  'top node': node,
  'top pod': pod,
  uncordon: node,
  wait: objects,
};

/** What the arguments of a command are, its words joined by spaces: `rollout status`. */
export function argumentCompletion(commandWords: string): ArgumentCompletion | undefined {
  return Object.hasOwn(ARGUMENTS, commandWords) ? ARGUMENTS[commandWords] : undefined;
}
