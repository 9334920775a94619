import {
  dns1035LabelMessages,
  dns1123LabelMessages,
  dns1123SubdomainMessages,
  labelValueMessages,
  maskTrailingDash,
  qualifiedNameMessages,
} from '../../../../model/names.ts';
import { hasFormat } from '../../schema/formats.ts';
import type { FunctionTable } from './function-table.ts';

export const FORMAT_TYPE = 'kubernetes.NamedFormat';

/** What is wrong with a text. */
type Validate = (text: string) => string[];

/** A format that texts may be validated for: `format.dns1123Label().validate(self.name)`. */
export class NamedFormat {
  readonly name: string;
  readonly validate: Validate;

  constructor(name: string, validate: Validate) {
    this.name = name;
    this.validate = validate;
  }
}

const checked =
  (format: string, message: string): Validate =>
  (text) =>
    hasFormat(format, text) ? [] : [message];

const FORMATS: Readonly<Record<string, Validate>> = {
  dns1123Label: dns1123LabelMessages,
  dns1123Subdomain: dns1123SubdomainMessages,
  dns1035Label: dns1035LabelMessages,
  qualifiedName: qualifiedNameMessages,
  dns1123LabelPrefix: (text) => dns1123LabelMessages(maskTrailingDash(text)),
  dns1123SubdomainPrefix: (text) => dns1123SubdomainMessages(maskTrailingDash(text)),
  dns1035LabelPrefix: (text) => dns1035LabelMessages(maskTrailingDash(text)),
  labelValue: labelValueMessages,
  uri: checked('uri', 'does not match the UUID format'),
  uuid: checked('uuid', 'does not match the UUID format'),
  byte: checked('byte', 'invalid base64'),
  date: checked('date', 'invalid date'),
  datetime: checked('datetime', 'invalid datetime'),
};

/** Makes an optional value; undefined is none. */
export type MakeOptional = (value: unknown) => unknown;

/** Functions of the namespace `format`: `format.dns1123Label()` and the like. */
export function namedFormats(optional: MakeOptional): FunctionTable {
  const named = new Map(Object.entries(FORMATS).map(([name, validate]) => [name, new NamedFormat(name, validate)]));
  return {
    ...Object.fromEntries([...named].map(([name, format]) => [`${name}(): ${FORMAT_TYPE}`, () => format])),
    [`named(string): optional<${FORMAT_TYPE}>`]: (name: string) => optional(named.get(name)),
  };
}

/** Methods of a format; validating answers what is wrong, or nothing. */
export function formatFunctions(optional: MakeOptional): FunctionTable {
  return {
    [`${FORMAT_TYPE}.validate(string): optional<list<string>>`]: ({ validate }: NamedFormat, text: string) => {
      const messages = validate(text);
      return optional(messages.length === 0 ? undefined : messages);
    },
  };
}
