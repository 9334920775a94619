import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { concernsOneObject, Failures, isNotFound } from '../failures.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import { objectsIn } from '../objects-in.ts';
import { changePrinter } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import { resourceOf } from '../resource-of.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { fileFlags, objectFormats, outputFlags } from '../shared-flags.ts';
import type { NamedTarget } from '../target.ts';
import { namesNoFiles, targetRequestOf } from '../target-request.ts';

interface CertificateOptions {
  readonly request: TargetRequest;
  readonly force: boolean;
  readonly format: PrintFormat;
}

/** What is decided about a certificate signing request. */
interface Decision {
  readonly word: 'approved' | 'denied';
  readonly type: 'Approved' | 'Denied';
  /** The condition that rules it out. */
  readonly other: 'Approved' | 'Denied';
  readonly reason: string;
  readonly message: string;
}

/** How often a conflict is met by reading the request again. */
const RETRIES = 10;

/** `certificate approve`. */
export const approveCertificate: Command = certificateCommand(
  {
    use: 'approve (-f FILENAME | NAME)',
    description: `Approve certificate signing requests, so that a signer issues the certificates.

 Who gets a certificate may be able to act as whoever it names: look at what a request asks for before you approve it.`,
    examples: [{ comment: "Approve the request 'csr-sqgzp'", command: 'kubectl certificate approve csr-sqgzp' }],
  },
  {
    word: 'approved',
    type: 'Approved',
    other: 'Denied',
    reason: 'KubectlApprove',
    message: 'This CSR was approved by kubectl certificate approve.',
  },
);

/** `certificate deny`. */
export const denyCertificate: Command = certificateCommand(
  {
    use: 'deny (-f FILENAME | NAME)',
    description: 'Deny certificate signing requests, so that no certificates are issued for them.',
    examples: [{ comment: "Deny the request 'csr-sqgzp'", command: 'kubectl certificate deny csr-sqgzp' }],
  },
  {
    word: 'denied',
    type: 'Denied',
    other: 'Approved',
    reason: 'KubectlDeny',
    message: 'This CSR was denied by kubectl certificate deny.',
  },
);

function certificateCommand(help: Pick<Command, 'use' | 'description' | 'examples'>, decision: Decision): Command {
  return defineCommand<CertificateOptions>({
    ...help,
    flags: [
      ...fileFlags('to decide about'),
      ...outputFlags(objectFormats),
      {
        name: 'force',
        type: 'bool',
        default: 'false',
        usage: `Write the request even when it is ${decision.word} already.`,
      },
    ],
    parse,
    run: (options, context) => decideAll(options, decision, context),
  });
}

function parse({ args, flags }: Invocation): CertificateOptions {
  const names = args.map((arg) => (arg.includes('/') ? arg : `certificatesigningrequests/${arg}`));
  const request = targetRequestOf(names, flags, []);
  if (args.length === 0 && namesNoFiles(request)) {
    throw new UserError('one or more CSRs must be specified as <name> or -f <filename>');
  }
  return { request, force: flags.bool('force'), format: printFormatOf(flags) };
}

async function decideAll(options: CertificateOptions, decision: Decision, context: Context): Promise<void> {
  const print = await changePrinter(options, context);
  const failures = new Failures();
  let count = 0;
  for await (const found of findObjects(options.request, 'latest', context, failures)) {
    try {
      print(await decide(found, decision, options.force, context), decision.word);
      count++;
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
  if (count === 0) context.streams.out.write('No resources found\n');
}

/** Writes the condition where it is not there, and resolves with the object that was found, as kubectl prints it. */
// oxlint-disable-next-line max-params
async function decide(
  { target, object }: FoundObject,
  decision: Decision,
  force: boolean,
  context: Context,
): Promise<KubeObject> {
  requireCertificateRequest(target);
  const client = await context.client();
  const resource = await resourceOf('certificates.k8s.io/v1', 'CertificateSigningRequest', context);
  let shown = object;
  for (let attempt = 0; ; attempt++) {
    const csr = await readRequest(target.name, context);
    const { request, decided } = withDecision(csr, decision, context.now());
    if (decided && !force) return shown;
    try {
      await client.update({ resource, subresource: 'approval' }, request, { signal: context.signal });
      return shown;
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'Conflict' || attempt >= RETRIES) throw error;
    }
    shown = await client.get({ resource: target.resource }, target.name, { signal: context.signal });
  }
}

/** Throws UserError for anything else, in kubectl's words, which has no namespace to look in. */
function requireCertificateRequest({ resource, name, manifest }: NamedTarget): void {
  const { group, version, plural, kind, namespaced } = resource;
  if (group === 'certificates.k8s.io' && kind === 'CertificateSigningRequest') return;
  if (namespaced && manifest === undefined) {
    throw new UserError('namespace may not be empty when retrieving a resource by name');
  }
  if (namespaced) {
    throw new UserError(`no namespace set on resource ${group}/${version}, Resource=${plural} ${JSON.stringify(name)}`);
  }
  const found = group === '' ? kind : `${kind}.${group}`;
  throw new UserError(`can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${found}`);
}

async function readRequest(name: string, context: Context): Promise<KubeObject> {
  const client = await context.client();
  const resource = await resourceOf('certificates.k8s.io/v1', 'CertificateSigningRequest', context);
  try {
    return await client.get({ resource }, name, { signal: context.signal });
  } catch (error) {
    if (!isNotFound(error) || !(error instanceof Error)) throw error;
    throw new UserError(`could not find v1 version of ${name}: ${error.message}`, { cause: error });
  }
}

/** The request with the decision; `decided` when it had it. Throws UserError when the opposite was decided. */
function withDecision(csr: KubeObject, decision: Decision, now: Date): { request: KubeObject; decided: boolean } {
  const status: JsonObject = isJsonObject(csr['status']) ? csr['status'] : {};
  const conditions = objectsIn(status, 'conditions');
  if (conditions.some(({ type }) => type === decision.other)) {
    throw new UserError(
      `certificate signing request ${JSON.stringify(csr.metadata.name ?? '')} is already ${decision.other}`,
    );
  }
  if (conditions.some(({ type }) => type === decision.type)) return { request: csr, decided: true };
  const { type, reason, message } = decision;
  const lastUpdateTime = `${now.toISOString().slice(0, 19)}Z`;
  const condition = { type, status: 'True', reason, message, lastUpdateTime, lastTransitionTime: null };
  return { request: { ...csr, status: { ...status, conditions: [...conditions, condition] } }, decided: false };
}
