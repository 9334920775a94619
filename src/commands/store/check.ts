import type { StoreReport } from '../../storage/store-care.ts';
import { StorageError } from '../../storage/storage-error.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const FORMATS = ['', 'json'] as const;

interface StoreCheckOptions {
  readonly format: (typeof FORMATS)[number];
}

/** `store check`: whether every byte of the local store is what was written. Exit status 1 when it is not. */
export const storeCheck: Command = defineCommand<StoreCheckOptions>({
  use: 'check [-o json]',
  description: `Read every record of the local store, compare it with its checksum and its neighbours, and tell what is damaged.

 Nothing is changed, and other processes may use the store meanwhile. The exit status is 1 when something is damaged.`,
  examples: [{ comment: 'Check the store that KUBE_LITE_DATA_DIR names', command: 'kubectl store check' }],
  flags: [
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: ['json'],
      usage: 'Output format: json, or plain lines without it.',
    },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError('store check takes no arguments');
    const named = flags.string('output');
    const format = FORMATS.find((each) => each === named);
    if (format === undefined) throw new UserError(`--output must be json, not ${JSON.stringify(named)}`);
    return { format };
  },
  async run({ format }, context) {
    const report = await (await context.storeCare()).check();
    context.streams.out.write(format === 'json' ? `${JSON.stringify(report, null, 4)}\n` : reportText(report));
    if (report.damage.length === 0) return;
    throw new StorageError('Corrupt', `the store in ${report.folder} is damaged`, {
      hint: `Save what can be read with: kube-lite store repair --data-dir=${report.folder} (the files as they are now are kept aside)`,
    });
  },
});

function reportText(report: StoreReport): string {
  const lines = [
    `folder: ${report.folder}`,
    `format: ${report.format}`,
    `revision: ${report.revision}`,
    `history from revision: ${Math.max(1, report.compactRevision)}`,
    `keys: ${report.keys}`,
    `records: ${report.records}`,
    `size: ${report.sizeBytes} bytes`,
    report.damage.length === 0 ? 'damage: none' : 'damage:',
    ...report.damage.map((each) => `- ${each}`),
  ];
  return `${lines.join('\n')}\n`;
}
