import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { dns1123SubdomainMessages, portNameMessages, portNumberMessages } from '../../model/names.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Flag } from '../flag.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { FirstError } from '../first-error.ts';

interface ServiceOptions {
  readonly name: string;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly ports: readonly ServicePort[];
  readonly clusterIP: string;
  readonly externalName: string;
  readonly common: GeneratorOptions;
}

interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number;
}

const tcpFlag: Flag = {
  name: 'tcp',
  type: 'stringList',
  default: '[]',
  usage: "Port pair, as '<port>:<targetPort>'; can be given several times.",
};

/** `create service clusterip`. */
export const createServiceClusterIP: Command = serviceCommand({
  type: 'ClusterIP',
  use: 'clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
  example: 'kubectl create service clusterip my-cs --tcp=5678:8080',
  flags: [
    {
      name: 'clusterip',
      type: 'string',
      usage: "The cluster IP to use; 'None' makes a headless service, empty lets the server choose.",
    },
  ],
});

/** `create service nodeport`. */
export const createServiceNodePort: Command = serviceCommand({
  type: 'NodePort',
  use: 'nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  example: 'kubectl create service nodeport my-ns --tcp=5678:8080',
  flags: [
    { name: 'node-port', type: 'int', default: '0', usage: 'Port to expose on each node; 0 lets the server choose.' },
  ],
});

/** `create service loadbalancer`. */
export const createServiceLoadBalancer: Command = serviceCommand({
  type: 'LoadBalancer',
  use: 'loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  example: 'kubectl create service loadbalancer my-lbs --tcp=5678:8080',
  flags: [],
});

/** `create service externalname`. */
export const createServiceExternalName: Command = serviceCommand({
  type: 'ExternalName',
  use: 'externalname NAME --external-name external.name [--dry-run=server|client|none]',
  example: 'kubectl create service externalname my-ns --external-name bar.com',
  flags: [
    { name: 'external-name', type: 'string', usage: 'The name outside the cluster that the service stands for.' },
  ],
});

interface ServiceCommand {
  readonly type: ServiceOptions['type'];
  readonly use: string;
  readonly example: string;
  readonly flags: readonly Flag[];
}

function serviceCommand({ type, use, example, flags }: ServiceCommand): Command {
  return defineCommand<ServiceOptions>({
    use,
    description: `Create a ${type} service with the given name, for the pods that carry the label app=NAME.`,
    examples: [{ comment: `A ${type} service`, command: example }],
    flags: [...generatorFlags, tcpFlag, ...flags],
    refusesFirst: 'format-after-name',
    parse: (invocation) => parseService(type, invocation),
    async run(options, context) {
      await createGenerated(
        { object: service(options), failure: `failed to create ${type} service: ` },
        options.common,
        context,
      );
    },
  });
}

function parseService(type: ServiceOptions['type'], { args, argsBeforeDash, flags }: Invocation): ServiceOptions {
  if (type === 'ExternalName' && !flags.changed('external-name')) {
    throw new FirstError('required flag(s) "external-name" not set');
  }
  const name = requireOneName(args, argsBeforeDash);
  const clusterIP = type === 'ClusterIP' ? flags.string('clusterip') : '';
  const externalName = type === 'ExternalName' ? flags.string('external-name') : '';
  const tcp = flags.list('tcp');
  if (clusterIP === 'None' && type !== 'ClusterIP') {
    throw new UserError('ClusterIP=None can only be used with ClusterIP service type');
  }
  if (type !== 'ExternalName' && clusterIP !== 'None' && tcp.length === 0) {
    throw new UserError('at least one tcp port specifier must be provided');
  }
  if (type === 'ExternalName' && dns1123SubdomainMessages(externalName).length > 0) {
    throw new UserError(`invalid service external name ${externalName}`);
  }
  const nodePort = type === 'NodePort' ? flags.int('node-port') : 0;
  return {
    name,
    type,
    ports: tcp.map((text) => servicePort(text, nodePort)),
    clusterIP,
    externalName,
    // kubectl's services take --save-config, and save nothing.
    common: { ...generatorOptions(flags), saveConfig: false },
  };
}

/** Reads `port[:targetPort]`, as kubectl's parsePorts. */
function servicePort(text: string, nodePort: number): ServicePort {
  const [portText = '', targetText] = text.split(':');
  const port = parsePort(portText);
  const name = text.replaceAll(':', '-');
  if (targetText === undefined) return { name, port, targetPort: port, nodePort };
  const isNumber = /^[-+]?\d+$/.test(targetText);
  const messages = isNumber ? portNumberMessages(Number(targetText)) : portNameMessages(targetText);
  if (messages.length > 0) throw new UserError(messages.join(','));
  return { name, port, targetPort: isNumber ? Number(targetText) : targetText, nodePort };
}

function parsePort(text: string): number {
  if (!/^\d+$/.test(text)) throw new UserError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  const port = Number(text);
  if (port > 65_535) throw new UserError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  return port;
}

function service({ name, type, ports, clusterIP, externalName }: ServiceOptions): KubeObject {
  const labels = { app: name };
  const specPorts = ports.map((each): JsonObject => ({
    name: each.name,
    protocol: 'TCP',
    port: each.port,
    targetPort: each.targetPort,
    ...(each.nodePort === 0 ? {} : { nodePort: each.nodePort }),
  }));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, labels },
    spec: {
      ...(specPorts.length === 0 ? {} : { ports: specPorts }),
      selector: { ...labels },
      ...(clusterIP === '' ? {} : { clusterIP }),
      type,
      ...(externalName === '' ? {} : { externalName }),
    },
    status: { loadBalancer: {} },
  };
}
