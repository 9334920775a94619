import fs from 'node:fs';
import { UserError } from '../model/user-error.ts';
import type { ResourcePrinter } from './resource-printer.ts';
import { TerminalPrinter } from './terminal-printer.ts';

/** What `-o` and its companion flags ask for. */
export interface PrintFormat {
  /** As given: `json`, `jsonpath={.a}` …; empty for the command's own form. */
  readonly output: string;
  readonly template: string;
  readonly allowMissingKeys: boolean;
  readonly showManagedFields: boolean;
  readonly noHeaders: boolean;
}

export interface PrinterOptions {
  /** Keeps fields in the object's own order in JSON, as Go prints typed objects; otherwise keys are sorted. */
  readonly keepOrder?: boolean;
  /** Whether `custom-columns` and `wide` are formats of the command, as they are of get. */
  readonly columns?: boolean;
}

const OBJECT_FORMATS = [
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'kyaml',
  'name',
  'template',
  'templatefile',
  'yaml',
];
const COLUMN_FORMATS = ['custom-columns', 'custom-columns-file', 'wide'];

/**
 * The printer for a format; one for names when there is no format. Only that format's code is loaded. Throws UserError for
 * a format that does not exist, a template that cannot be read, or a file that is not there.
 */
export async function createPrinter(format: PrintFormat, options: PrinterOptions = {}): Promise<ResourcePrinter> {
  const { output, template } = format;
  const at = output.indexOf('=');
  const name = at < 0 ? output : output.slice(0, at);
  const text = at < 0 ? template : output.slice(at + 1);
  if (name === '' && template !== '') return goTemplatePrinter(template, format, options);
  const make = PRINTERS[name];
  if (make === undefined || (name.startsWith('custom-columns') && options.columns !== true)) {
    throw unknownFormat(output, options);
  }
  return make(text, format, options);
}

type MakePrinter = (text: string, format: PrintFormat, options: PrinterOptions) => Promise<ResourcePrinter>;

const PRINTERS: Readonly<Record<string, MakePrinter>> = {
  __proto__: null as never,
  '': namePrinter,
  name: namePrinter,
  json: (_text, format, options) => documentPrinter('json', format, options),
  yaml: (_text, format, options) => documentPrinter('yaml', format, options),
  kyaml: (_text, format, options) => documentPrinter('kyaml', format, options),
  jsonpath: (text, format) => jsonPathPrinter('jsonpath', text, format),
  'jsonpath-as-json': (text, format) => jsonPathPrinter('jsonpath-as-json', text, format),
  'jsonpath-file': (text, format) => jsonPathPrinter('jsonpath-file', text, format),
  'go-template': goTemplatePrinter,
  template: goTemplatePrinter,
  'go-template-file': (text, format, options) =>
    goTemplatePrinter(readTemplate(text, 'go-template-file'), format, options),
  templatefile: (text, format, options) => goTemplatePrinter(readTemplate(text, 'templatefile'), format, options),
  'custom-columns': (text, format) => customColumnsPrinter('custom-columns', text, format),
  'custom-columns-file': (text, format) => customColumnsPrinter('custom-columns-file', text, format),
};

async function namePrinter(): Promise<ResourcePrinter> {
  const { NamePrinter } = await import('./name-printer.ts');
  return new NamePrinter();
}

async function documentPrinter(
  name: 'json' | 'yaml' | 'kyaml',
  { showManagedFields }: PrintFormat,
  { keepOrder = false }: PrinterOptions,
): Promise<ResourcePrinter> {
  switch (name) {
    case 'json': {
      const { JsonPrinter } = await import('./document-json-printer.ts');
      return new TerminalPrinter(new JsonPrinter({ showManagedFields, keepOrder }));
    }
    case 'yaml': {
      const { YamlPrinter } = await import('./document-yaml-printer.ts');
      return new TerminalPrinter(new YamlPrinter({ showManagedFields }));
    }
    case 'kyaml': {
      const { KyamlPrinter } = await import('./document-kyaml-printer.ts');
      return new TerminalPrinter(new KyamlPrinter({ showManagedFields, keepOrder }));
    }
  }
}

async function jsonPathPrinter(
  name: 'jsonpath' | 'jsonpath-as-json' | 'jsonpath-file',
  text: string,
  { allowMissingKeys }: PrintFormat,
): Promise<ResourcePrinter> {
  const { JsonPathPrinter } = await import('./jsonpath-printer.ts');
  const template = name === 'jsonpath-file' ? readTemplate(text, name) : text;
  const asJson = name === 'jsonpath-as-json';
  return new TerminalPrinter(new JsonPathPrinter(template, { allowMissingKeys, asJson }), template);
}

async function goTemplatePrinter(
  text: string,
  { allowMissingKeys }: PrintFormat,
  { keepOrder = false }: PrinterOptions,
): Promise<ResourcePrinter> {
  const { GoTemplatePrinter } = await import('./go-template-printer.ts');
  return new TerminalPrinter(new GoTemplatePrinter(text, { allowMissingKeys, keepOrder }), text);
}

async function customColumnsPrinter(
  name: 'custom-columns' | 'custom-columns-file',
  text: string,
  { noHeaders }: PrintFormat,
): Promise<ResourcePrinter> {
  const { CustomColumnsPrinter } = await import('./custom-columns-printer.ts');
  if (name === 'custom-columns') return new TerminalPrinter(CustomColumnsPrinter.fromSpec(text, noHeaders));
  if (text === '') throw new UserError('custom-columns format specified but no custom columns given');
  return new TerminalPrinter(CustomColumnsPrinter.fromTemplate(readTemplate(text, name)));
}

function readTemplate(file: string, name: string): string {
  if (file === '') throw new UserError('template format specified but no template given');
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const what = name === 'custom-columns-file' ? 'template' : '--template';
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = missing ? 'no such file or directory' : String(error);
    throw new UserError(`error reading ${what} ${file}, open ${file}: ${why}`, { cause: error });
  }
}

function unknownFormat(output: string, options: PrinterOptions): UserError {
  const allowed = [...OBJECT_FORMATS, ...(options.columns === true ? COLUMN_FORMATS : [])].sort();
  const message = `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${allowed.join(',')}`;
  return new UserError(message);
}
