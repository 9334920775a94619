import { applyStrategicMergePatch } from '../../model/patch/strategic-merge-patch.ts';
import { deepClone } from '../../model/deep-clone.ts';
import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { typeOf } from '../typed-object.ts';
import { asPod, type Container, type Pod } from '../pods/pod.ts';
import { containerNamed } from '../pods/pod-containers.ts';
import type { DebugOptions } from './debug-options.ts';
import { type DebugStyle, profileNamed } from './debug-profiles.ts';

/** A pod made for debugging, and the container in it to attach to; none when only images were changed. */
export interface DebugPod {
  readonly pod: Pod;
  readonly container: string;
}

/** The pod with an ephemeral container. */
export function withEphemeralContainer(pod: Pod, name: string, options: DebugOptions, custom?: JsonObject): DebugPod {
  const changed = deepClone(pod);
  const container: Container = {
    ...newContainer(name, options),
    ...(options.target === '' ? {} : { targetContainerName: options.target }),
  };
  changed.spec.ephemeralContainers = [...(changed.spec.ephemeralContainers ?? []), container];
  return finished(changed, container, 'ephemeral', { options, custom });
}

/** A pod on a node, with the node's own namespaces as the profile says. */
export function nodePod(
  node: KubeObject,
  names: { readonly pod: string; readonly container: string },
  options: DebugOptions,
  custom?: JsonObject,
): DebugPod {
  const container = newContainer(names.container, options);
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: names.pod, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [container],
      nodeName: node.metadata.name ?? '',
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
    status: {},
  };
  return finished(pod, container, 'node', { options, custom });
}

/** A copy of a pod with a container that is new or changed. `newName` names a new one that was not named. */
export function copiedPod(
  pod: Pod,
  options: DebugOptions,
  newName: (copy: Pod) => string,
  custom?: JsonObject,
): DebugPod {
  const copy = bareCopy(pod, options);
  for (const container of copy.spec.containers) {
    const image = options.setImage.get(container.name) ?? options.setImage.get('*');
    if (image !== undefined) container['image'] = image;
  }
  let container = containerNamed(copy, options.container)?.container;
  if (container === undefined) {
    if (options.image === '') {
      if (options.setImage.size > 0) return { pod: copy, container: '' };
      throw new UserError('you must specify image when creating new container');
    }
    const name = options.container === '' ? newName(copy) : options.container;
    container = { name, resources: {}, terminationMessagePolicy: 'File' };
    copy.spec.containers.push(container);
  }
  change(container, options);
  return finished(copy, container, 'copy', { options, custom });
}

function bareCopy({ metadata, spec }: Pod, options: DebugOptions): Pod {
  const { namespace, annotations, labels } = metadata;
  const { ephemeralContainers: _dropped, ...kept } = deepClone(spec);
  if (options.shareProcesses !== undefined) kept['shareProcessNamespace'] = options.shareProcesses;
  if (!options.sameNode) delete kept.nodeName;
  return asPod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: options.copyTo,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    },
    spec: kept,
    status: {},
  });
}

function newContainer(name: string, options: DebugOptions): Container {
  const container: Container = { name, image: options.image, resources: {}, terminationMessagePolicy: 'File' };
  change(container, options);
  return container;
}

function change(container: Container, options: DebugOptions): void {
  const { words, argumentsOnly, env, image, imagePullPolicy, stdin, tty } = options;
  if (words.length > 0) {
    delete container['args'];
    container[argumentsOnly ? 'args' : 'command'] = [...words];
  }
  if (env.length > 0) container['env'] = env.map((each) => ({ ...each }));
  if (image !== '') container['image'] = image;
  if (imagePullPolicy !== '') container['imagePullPolicy'] = imagePullPolicy;
  set(container, 'stdin', stdin);
  set(container, 'tty', tty);
}

function set(container: Container, field: string, value: boolean): void {
  if (value) container[field] = true;
  else delete container[field];
}

function finished(
  pod: Pod,
  container: Container,
  style: DebugStyle,
  { options, custom }: { readonly options: DebugOptions; readonly custom: JsonObject | undefined },
): DebugPod {
  profileNamed(options.profile)(pod, container, style, options.kept);
  const { name } = container;
  return { pod: custom === undefined ? pod : withCustom(pod, name, style, custom), container: name };
}

/** Puts a partial container over the debugging container. */
function withCustom(pod: Pod, name: string, style: DebugStyle, custom: JsonObject): Pod {
  const list = style === 'ephemeral' ? 'ephemeralContainers' : 'containers';
  const patch = { spec: { [list]: [{ ...custom, name }] } };
  const patched = applyStrategicMergePatch(pod as unknown as JsonValue, patch, typeOf(pod));
  return asPod(patched as unknown as KubeObject);
}
