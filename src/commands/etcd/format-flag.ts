import { type ValueFormat, valueFormats } from '../../etcd/show-key-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';

/** `-o` of the commands that show stored values. */
export const valueFormatFlag: Flag = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: 'yaml',
  values: valueFormats,
  usage: `How values are shown: yaml and json decode Kubernetes objects, raw, base64 and hex show the bytes.`,
};

/** Reads valueFormatFlag. Throws UserError for a format that does not exist. */
export function valueFormatOf(flags: FlagValues): ValueFormat {
  const text = flags.string('output');
  const format = valueFormats.find((each) => each === text);
  if (format === undefined) {
    throw new UserError(`--output must be one of ${valueFormats.join(', ')}, not ${JSON.stringify(text)}`);
  }
  return format;
}
