import { compareBytes } from '../../model/byte-order.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { RunOptions } from './run-options.ts';

/** The pod that `run` makes, its fields in Go's order. */
export function runPod(options: RunOptions): KubeObject {
  const { name, annotations, restartPolicy } = options;
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      labels: sortedMap(podLabels(options)),
      ...(annotations.size === 0 ? {} : { annotations: sortedMap(annotations) }),
    },
    spec: { containers: [container(options)], restartPolicy, dnsPolicy: 'ClusterFirst' },
    status: {},
  };
}

function container(options: RunOptions): JsonObject {
  const { name, image, args, command, env, port, imagePullPolicy, privileged, stdin, tty } = options;
  const words = args.length === 0 ? {} : { [command ? 'command' : 'args']: [...args] };
  const variables = env.map((each) => (each.value === '' ? { name: each.name } : { ...each }));
  return {
    name,
    image,
    ...words,
    ...(port === undefined ? {} : { ports: [{ containerPort: port }] }),
    ...(env.length === 0 ? {} : { env: variables }),
    resources: {},
    ...(imagePullPolicy === '' ? {} : { imagePullPolicy }),
    ...(privileged ? { securityContext: { privileged } } : {}),
    ...(stdin ? { stdin } : {}),
    ...(stdin && !options.leaveStdinOpen ? { stdinOnce: true } : {}),
    ...(tty ? { tty } : {}),
  };
}

/** The service that `run --expose` makes for the pod; it has the labels that were given itself. */
export function runService(options: RunOptions): KubeObject {
  const { name, labels, port = 0 } = options;
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(labels === undefined ? {} : { labels: sortedMap(labels) }) },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: sortedMap(podLabels(options)) },
    status: { loadBalancer: {} },
  };
}

function podLabels({ name, labels }: RunOptions): ReadonlyMap<string, string> {
  return labels ?? new Map([['run', name]]);
}

function sortedMap(map: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...map].sort(([left], [right]) => compareBytes(left, right)));
}
