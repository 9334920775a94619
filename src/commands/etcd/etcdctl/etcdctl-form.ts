import { UserError } from '../../../model/user-error.ts';
import type { Invocation } from '../../command.ts';
import type { Flag } from '../../flag.ts';
import type { EtcdctlAnswer } from './etcdctl-answer.ts';
import { fieldsAnswer } from './fields-answer.ts';
import { jsonAnswer } from './json-answer.ts';
import { protobufAnswer } from './protobuf-answer.ts';
import { simpleAnswer } from './simple-answer.ts';

const FORMATS = ['fields', 'json', 'protobuf', 'simple'] as const;

/** An output in etcdctl's own bytes. */
export interface EtcdctlForm {
  readonly format: (typeof FORMATS)[number];
  readonly hex: boolean;
  readonly valueOnly: boolean;
}

/** `-w` and `--hex`, which choose etcdctl's own bytes. */
export const etcdctlFormFlags: readonly Flag[] = [
  {
    name: 'write-out',
    short: 'w',
    type: 'string',
    values: FORMATS,
    usage: `Show what etcdctl shows: ${FORMATS.join(', ')}.`,
  },
  { name: 'hex', type: 'bool', default: 'false', usage: 'Show keys and values as etcdctl --hex does.' },
];

/** `--print-value-only` of `get`. */
export const valueOnlyFlag: Flag = {
  name: 'print-value-only',
  type: 'bool',
  default: 'false',
  usage: 'Show values without their keys, as etcdctl -w simple does.',
};

/**
 * The form in which etcdctl was asked to show it: by `-w`, `--hex` or `--print-value-only`, or by its own variables when no
 * `--output` is given; undefined for kube-lite's own form. Throws UserError.
 */
export function etcdctlFormOf({ flags, env }: Invocation): EtcdctlForm | undefined {
  const valueOnly = flags.defines(valueOnlyFlag.name) && flags.bool(valueOnlyFlag.name);
  const asked = flags.given('write-out');
  if (flags.defines('output') && flags.changed('output')) {
    if (asked === undefined && !flags.bool('hex') && !valueOnly) return undefined;
    throw new UserError("--output shows kube-lite's form and excludes --write-out, --hex and --print-value-only");
  }
  const named = asked ?? (env['ETCDCTL_WRITE_OUT'] || undefined);
  const hex = isHex({ flags, env });
  if (named === undefined && !hex && !valueOnly) return undefined;
  const format = formatOf(named ?? 'simple', asked === undefined ? 'ETCDCTL_WRITE_OUT' : '--write-out');
  if (valueOnly && format !== 'simple') throw new UserError('--print-value-only is only for --write-out=simple');
  return { format, hex, valueOnly };
}

/** `--hex`, or ETCDCTL_HEX where it is not given. */
export function isHex({ flags, env }: Pick<Invocation, 'flags' | 'env'>): boolean {
  return flags.changed('hex') ? flags.bool('hex') : env['ETCDCTL_HEX'] === 'true';
}

function formatOf(text: string, given: string): EtcdctlForm['format'] {
  const format = FORMATS.find((each) => each === text);
  if (format !== undefined) return format;
  throw new UserError(
    text === 'table'
      ? `${given}: table is not supported for this command; want ${FORMATS.join(', ')}`
      : `${given} must be one of ${FORMATS.join(', ')}, not ${JSON.stringify(text)}`,
  );
}

/** The bytes that etcdctl prints for an answer. */
export function inEtcdctlForm(answer: EtcdctlAnswer, form: EtcdctlForm): string | Buffer {
  switch (form.format) {
    case 'simple':
      return simpleAnswer(answer, form);
    case 'json':
      return jsonAnswer(answer);
    case 'fields':
      return fieldsAnswer(answer);
    case 'protobuf':
      return protobufAnswer(answer);
  }
}
