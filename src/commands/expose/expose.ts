import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { createMadeObject, type Creation } from '../create-object.ts';
import { dryRunOf } from '../dry-run.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { findObjects } from '../find-objects.ts';
import { changePrinter } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  objectFormats,
  outputFlags,
  saveConfigFlag,
} from '../shared-flags.ts';
import { targetRequestOf } from '../target-request.ts';
import { typedObject } from '../typed-object.ts';
import { type ServiceWishes, serviceFor } from './service-for.ts';

interface ExposeOptions extends Creation {
  readonly request: TargetRequest;
  readonly wishes: ServiceWishes;
  readonly overrides: string;
  readonly overrideType: string;
  readonly format: PrintFormat;
}

/** `expose`: a service for the pods of an object. */
export const expose: Command = defineCommand<ExposeOptions>({
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  description: `Create a service for the pods of a pod, service, replication controller, deployment or replica set.

 The labels that the service selects by, and the ports when none is given, are those of the object.`,
  examples: [
    {
      comment: 'Port 80 of a service that leads to port 8000 of the containers',
      command: 'kubectl expose rc nginx --port=80 --target-port=8000',
    },
    {
      comment: 'The pod of a manifest, under a name of its own',
      command: 'kubectl expose -f pod.yaml --port=444 --name=frontend',
    },
    {
      comment: 'A second service for the same pods',
      command: 'kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https',
    },
    {
      comment: 'A UDP stream behind a load balancer',
      command: 'kubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream --type=LoadBalancer',
    },
  ],
  flags: [
    ...fileFlags('to expose'),
    ...outputFlags(objectFormats),
    dryRunFlag,
    fieldManagerFlag('kubectl-expose'),
    saveConfigFlag,
    {
      name: 'cluster-ip',
      type: 'string',
      usage: "Cluster IP of the service; 'None' for none, and one is chosen when not given.",
    },
    {
      name: 'external-ip',
      type: 'string',
      usage: 'A further IP at which the service is reached, which Kubernetes does not manage.',
    },
    { name: 'labels', short: 'l', type: 'string', usage: 'Labels of the service; those of the object when not given.' },
    { name: 'load-balancer-ip', type: 'string', usage: 'IP of the load balancer, where the cloud lets it be chosen.' },
    { name: 'name', type: 'string', usage: 'Name of the service; that of the object when not given.' },
    {
      name: 'override-type',
      type: 'string',
      default: 'merge',
      usage: 'How to apply --overrides: json, merge or strategic.',
    },
    { name: 'overrides', type: 'string', usage: 'JSON that changes the service before it is created.' },
    { name: 'port', type: 'string', usage: 'Port of the service; those of the object when not given.' },
    { name: 'protocol', type: 'string', usage: 'Protocol of the ports; that of the object, or TCP, when not given.' },
    {
      name: 'selector',
      type: 'string',
      usage: 'Labels KEY=VALUE to select pods by; those of the object when not given.',
    },
    {
      name: 'session-affinity',
      type: 'string',
      usage: "Whether a client's connections go to the same pod: None or ClientIP.",
    },
    {
      name: 'target-port',
      type: 'string',
      usage: 'Number or name of the port of the containers; the same as the port when not given.',
    },
    {
      name: 'type',
      type: 'string',
      values: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
      usage: 'Type of the service: ClusterIP, NodePort, LoadBalancer, or ExternalName.',
    },
  ],
  parse,
  run,
});

function parse({ args, flags }: Invocation): ExposeOptions {
  return {
    request: targetRequestOf(args, flags, []),
    wishes: {
      name: flags.string('name'),
      port: flags.string('port'),
      protocol: flags.string('protocol'),
      targetPort: flags.string('target-port'),
      type: flags.string('type'),
      selector: flags.string('selector'),
      labels: flags.string('labels'),
      clusterIP: flags.string('cluster-ip'),
      externalIP: flags.string('external-ip'),
      loadBalancerIP: flags.string('load-balancer-ip'),
      sessionAffinity: flags.string('session-affinity'),
    },
    overrides: flags.string('overrides'),
    overrideType: flags.string('override-type') || 'merge',
    dryRun: dryRunOf(flags).dryRun,
    fieldManager: flags.string('field-manager'),
    saveConfig: flags.bool('save-config'),
    format: printFormatOf(flags),
  };
}

async function run(options: ExposeOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const failures = new Failures();
  for await (const { object } of findObjects({ ...options.request, typed: true }, 'as-written', context, failures)) {
    try {
      let service = typedObject(serviceFor(typedObject(object), options.wishes));
      if (options.overrides !== '') {
        const { overrideObject } = await import('../run/override-object.ts');
        service = await overrideObject(service, options.overrides, options.overrideType);
      }
      print(typedObject(await createMadeObject(service, options, context)), 'exposed');
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
}
