import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { printFormatOf } from '../print-format.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';
import { visibleOutput } from '../../printers/visible-output.ts';

/** From the newest on; older servers have only older ones. */
const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'];

/** `auth whoami`: who the server takes us for. */
export const whoami: Command = defineCommand<PrintFormat>({
  use: 'whoami',
  description:
    'Show the user name, groups and extra attributes that the server takes us for. Only an API server knows users.',
  examples: [
    { comment: 'Who we are', command: 'kubectl auth whoami' },
    { comment: 'As JSON', command: 'kubectl auth whoami -o json' },
  ],
  flags: outputFlags(objectFormats),
  parse: ({ flags }) => printFormatOf(flags),
  async run(format, context) {
    const review = await selfReview(context);
    if (format.output === '' && format.template === '') return printAttributes(review, context);
    const printer = await createPrinter(format, { keepOrder: true });
    printer.print(withSortedExtra(review), context.streams.out);
  },
});

async function selfReview(context: Context): Promise<KubeObject> {
  const client = await context.client();
  for (const version of VERSIONS) {
    const apiVersion = `authentication.k8s.io/${version}`;
    try {
      const { body } = await client.request({
        method: 'POST',
        path: `/apis/${apiVersion}/selfsubjectreviews`,
        headers: { 'content-type': 'application/json' },
        body: { kind: 'SelfSubjectReview', apiVersion, metadata: {}, status: { userInfo: {} } },
        signal: context.signal,
      });
      return body as KubeObject;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === 'Forbidden') {
        throw new UserError(
          'the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it',
          { cause: error },
        );
      }
      if (error.reason !== 'NotFound') throw error;
    }
  }
  throw new UserError('the selfsubjectreviews API is not enabled in the cluster');
}

/** Maps are printed in the order of their keys. */
function withSortedExtra(review: KubeObject): KubeObject {
  const status = isJsonObject(review['status']) ? review['status'] : {};
  const user = isJsonObject(status['userInfo']) ? status['userInfo'] : {};
  if (!isJsonObject(user['extra'])) return review;
  const extra = Object.fromEntries(
    Object.entries(user['extra']).toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
  return { ...review, status: { ...status, userInfo: { ...user, extra } } };
}

function printAttributes(review: KubeObject, context: Context): void {
  const status = isJsonObject(review['status']) ? review['status'] : {};
  const user = isJsonObject(status['userInfo']) ? status['userInfo'] : {};
  const extra = isJsonObject(user['extra']) ? user['extra'] : {};
  const table = new TabWriter();
  table.add(['ATTRIBUTE', 'VALUE']);
  if (user['username']) table.add(['Username', textOf(user['username'])]);
  if (user['uid']) table.add(['UID', textOf(user['uid'])]);
  if (Array.isArray(user['groups']) && user['groups'].length > 0) table.add(['Groups', textOf(user['groups'])]);
  for (const key of Object.keys(extra).toSorted()) table.add([`Extra: ${key}`, textOf(extra[key])]);
  const out = visibleOutput(context.streams.out);
  for (const text of table.flush()) out.write(text);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  return typeof value === 'string' ? value : '';
}
