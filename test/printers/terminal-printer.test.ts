import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { terminalText } from '../../src/model/terminal-text.ts';
import { createPrinter } from '../../src/printers/create-printer.ts';
import { run } from '../commands/run-program.ts';

const EVIL = 'a\u001b]0;owned\u0007b\u009b31mc\u007f\rd';
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { evil: EVIL } };
const FORMATS = [
  'json',
  'yaml',
  'kyaml',
  'jsonpath={.data.evil}',
  'go-template={{.data.evil}}',
  'custom-columns=E:.data.evil',
];

async function printed(output: string, isTerminal: boolean): Promise<string> {
  const format = { output, template: '', allowMissingKeys: true, showManagedFields: false, noHeaders: false };
  const printer = await createPrinter(format, { columns: true });
  let text = '';
  printer.print(object, { write: (part) => void (text += Buffer.from(part).toString()), isTerminal });
  return text;
}

/** What a terminal would take for a command. */
// oxlint-disable-next-line no-control-regex -- it is about these
const COMMAND = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('what stands in an object', () => {
  it.each(FORMATS)('does not command a terminal: -o %s', async (output) => {
    expect(await printed(output, true)).not.toMatch(COMMAND);
  });

  it('goes into a pipe as it is', async () => {
    expect(await printed('jsonpath={.data.evil}', false)).toBe(EVIL);
    expect(await printed('go-template={{.data.evil}}', false)).toBe(EVIL);
    expect(JSON.parse(await printed('json', false))).toEqual(object);
  });

  it('is still the same JSON on a terminal, but for what JSON lets stand and is ASCII', async () => {
    expect(JSON.parse((await printed('json', true)).replace('^?', '\u007f'))).toEqual(object);
  });

  it('leaves a template that has escape sequences of its own alone', async () => {
    expect(await printed('go-template={{"\\x1b[1m"}}bold', true)).toBe('\u001b[1mbold');
  });

  it('does not command it in an error either', async () => {
    const argv = ['get', 'configmap', '-o', 'jsonpath={\u001b[31m'];
    const { errors, status } = await run(argv, { terminal: true, env: { NO_COLOR: '1' } });
    expect(status).toBe(1);
    expect(errors).not.toMatch(COMMAND);
    expect(errors).toContain('^[[31m');
    expect((await run(argv)).errors).toContain('\u001b[31m');
  });
});

describe('terminalText', () => {
  it('leaves nothing that commands, and all else as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = terminalText(text);
        return !COMMAND.test(shown) && (COMMAND.test(text) || shown === text);
      }),
    );
  });
});
