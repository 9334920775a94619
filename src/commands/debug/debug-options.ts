import { UserError } from '../../model/user-error.ts';
import type { Invocation } from '../command.ts';
import type { Flag } from '../flag.ts';
import { FlagError } from '../flag-error.ts';
import type { FlagValues } from '../flag-values.ts';
import { isImageReference } from '../run/image-reference.ts';
import { type KeptParts, profileNamed, profileNames } from './debug-profiles.ts';

/** What `debug` was asked for. */
export interface DebugOptions {
  readonly targets: readonly string[];
  readonly filenames: readonly string[];
  /** What stands behind `--`. */
  readonly words: readonly string[];
  readonly argumentsOnly: boolean;
  readonly attach: boolean;
  readonly container: string;
  readonly copyTo: string;
  readonly replace: boolean;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly setImage: ReadonlyMap<string, string>;
  readonly kept: KeptParts;
  readonly quiet: boolean;
  readonly sameNode: boolean;
  /** Undefined: as the pod has it. */
  readonly shareProcesses: boolean | undefined;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly target: string;
  readonly profile: string;
  /** File of a partial container; empty for none. */
  readonly custom: string;
}

const bool = (name: string, usage: string, value = 'false'): Flag => ({ name, type: 'bool', default: value, usage });

export const debugFlags: readonly Flag[] = [
  {
    name: 'filename',
    short: 'f',
    type: 'stringList',
    default: '[]',
    values: 'manifests',
    usage: 'Manifest of the object to debug.',
  },
  bool('arguments-only', 'Take what stands behind -- as arguments of the container, not as its command.'),
  bool('attach', 'Wait until the container runs and attach to it; the default is true with -i.'),
  { name: 'container', short: 'c', type: 'string', usage: 'Name of the debugging container.' },
  { name: 'copy-to', type: 'string', usage: 'Make a copy of the pod, with this name.' },
  {
    name: 'custom',
    type: 'string',
    values: 'files',
    usage: 'JSON or YAML file of a partial container that is put over the profile.',
  },
  { name: 'env', type: 'stringList', default: '[]', usage: 'Environment variables NAME=VALUE of the container.' },
  { name: 'image', type: 'string', usage: 'Image of the debugging container.' },
  {
    name: 'image-pull-policy',
    type: 'string',
    values: ['Always', 'IfNotPresent', 'Never'],
    usage: 'When to pull the image; without it the server decides.',
  },
  bool('keep-annotations', 'Keep the annotations of the pod in its copy.'),
  bool('keep-init-containers', 'Keep the init containers of the pod in its copy.', 'true'),
  bool('keep-labels', 'Keep the labels of the pod in its copy.'),
  bool('keep-liveness', 'Keep the liveness probes of the pod in its copy.'),
  bool('keep-readiness', 'Keep the readiness probes of the pod in its copy.'),
  bool('keep-startup', 'Keep the startup probes of the pod in its copy.'),
  {
    name: 'profile',
    type: 'string',
    default: 'legacy',
    values: profileNames,
    usage: `What the container may do. One of: ${profileNames.join(', ')}.`,
  },
  { name: 'quiet', short: 'q', type: 'bool', default: 'false', usage: 'Print no information.' },
  bool('replace', 'With --copy-to, delete the pod that is copied.'),
  bool('same-node', 'With --copy-to, run the copy on the same node.'),
  {
    name: 'set-image',
    type: 'stringList',
    default: '[]',
    usage: 'With --copy-to, images of its containers, as NAME=IMAGE; * is all.',
  },
  bool('share-processes', 'With --copy-to, let the containers see the processes of each other.', 'true'),
  { name: 'stdin', short: 'i', type: 'bool', default: 'false', usage: "Keep the container's standard input open." },
  { name: 'target', type: 'string', usage: 'For an ephemeral container, the container whose processes it sees.' },
  { name: 'tty', short: 't', type: 'bool', default: 'false', usage: 'Give the container a terminal.' },
];

/** Mirrors DebugOptions.Complete and Validate of kubectl's pkg/cmd/debug. Throws UserError. */
export function parseDebug({ args, argsBeforeDash, flags }: Invocation): DebugOptions {
  const profile = flags.string('profile');
  profileNamed(profile);
  const stdin = flags.bool('stdin');
  const options: DebugOptions = {
    targets: args.slice(0, argsBeforeDash),
    filenames: flags.list('filename'),
    words: argsBeforeDash === undefined ? [] : args.slice(argsBeforeDash),
    argumentsOnly: flags.bool('arguments-only'),
    attach: flags.changed('attach') ? flags.bool('attach') : stdin,
    container: flags.string('container'),
    copyTo: flags.string('copy-to'),
    replace: flags.bool('replace'),
    env: [...pairsOf(flags, 'env')].map(([name, value]) => ({ name, value })),
    image: flags.string('image'),
    imagePullPolicy: flags.string('image-pull-policy'),
    setImage: pairsOf(flags, 'set-image'),
    kept: {
      labels: flags.bool('keep-labels'),
      annotations: flags.bool('keep-annotations'),
      liveness: flags.bool('keep-liveness'),
      readiness: flags.bool('keep-readiness'),
      startup: flags.bool('keep-startup'),
      initContainers: flags.bool('keep-init-containers'),
    },
    quiet: flags.bool('quiet'),
    sameNode: flags.bool('same-node'),
    shareProcesses: flags.changed('share-processes') ? flags.bool('share-processes') : undefined,
    stdin,
    tty: flags.bool('tty'),
    target: flags.string('target'),
    profile,
    custom: flags.string('custom'),
  };
  if (options.attach && flags.changed('attach') && options.image === '' && options.container === '') {
    throw new UserError('you must specify --container or create a new container using --image in order to attach.');
  }
  checkPlace(options);
  checkImages(options);
  if (options.target !== '' && options.copyTo !== '') {
    throw new UserError('--target is incompatible with --copy-to. Use --share-processes instead.');
  }
  return options;
}

function pairsOf(flags: FlagValues, name: string): Map<string, string> {
  return new Map(
    flags.list(name).map((text) => {
      const equals = text.indexOf('=');
      if (equals >= 0) return [text.slice(0, equals), text.slice(equals + 1)];
      throw new FlagError(`invalid argument "${text}" for "--${name}" flag: ${text} must be formatted as key=value`);
    }),
  );
}

function checkPlace({ copyTo, image, setImage, words, container, replace, sameNode }: DebugOptions): void {
  if (copyTo !== '') {
    if (image === '' && setImage.size === 0 && words.length === 0) {
      throw new UserError('you must specify --image, --set-image or command arguments.');
    }
    if (words.length > 0 && container === '' && image === '') {
      throw new UserError('you must specify an existing container or a new image when specifying args.');
    }
    return;
  }
  if (replace) throw new UserError('--replace may only be used with --copy-to.');
  if (sameNode) throw new UserError('--same-node may only be used with --copy-to.');
  if (setImage.size > 0) throw new UserError('--set-image may only be used with --copy-to.');
  if (image === '') throw new UserError('you must specify --image when not using --copy-to.');
}

function checkImages({ image, targets, filenames, imagePullPolicy, setImage }: DebugOptions): void {
  const invalid = 'invalid reference format';
  if (image !== '' && !isImageReference(image)) {
    throw new UserError(`invalid image name ${JSON.stringify(image)}: ${invalid}`);
  }
  if (targets.length === 0 && filenames.length === 0) throw new UserError('NAME or filename is required for debug');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(imagePullPolicy)) {
    throw new UserError(`invalid image pull policy: ${imagePullPolicy}`);
  }
  for (const [name, each] of setImage) {
    if (isImageReference(each)) continue;
    throw new UserError(`invalid image name ${JSON.stringify(each)} for container ${JSON.stringify(name)}: ${invalid}`);
  }
}
