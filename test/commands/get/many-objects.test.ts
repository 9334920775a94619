import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run-program.ts';

const COUNT = 2600;
const folder = mkdtempSync(join(tmpdir(), 'kube-lite-many-'));
const env = { KUBE_LITE_DATA_DIR: folder };

beforeAll(async () => {
  const names = Array.from({ length: COUNT }, (_, number) => `cm-${String(number).padStart(5, '0')}`);
  const input = names
    .map((name) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }))
    .join('\n');
  const { status, errors } = await run(['create', '-f', '-'], { env, input });
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('get of thousands of objects', () => {
  // Sorting keeps all objects, and these are in order already.
  it.each(['json', 'yaml', 'name'])('prints as they come what it prints of all: %s', async (format) => {
    const pieces: string[] = [];
    const args = ['get', 'configmaps', '-o', format];
    const streamed = await run(args, { env, onOutput: (text) => void pieces.push(text) });
    const whole = await run([...args, '--sort-by=.metadata.name'], { env });
    expect(streamed.output === whole.output).toBe(true);
    expect(streamed.status).toBe(0);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('still names what was not found beside them', async () => {
    const { status, output, errors } = await run(['get', 'configmaps,nothings', '-o', 'name'], { env });
    expect(status).toBe(1);
    expect(output.split('\n')).toHaveLength(output === '' ? 1 : COUNT + 1);
    expect(errors).toContain('nothings');
  });

  it('shows a table of all of them', async () => {
    const { output } = await run(['get', 'configmaps', '-A', '--show-labels', '--no-headers'], { env });
    expect(output.split('\n')).toHaveLength(COUNT + 1);
    expect(output).toMatch(/^default {3}cm-00000 +0 +\S+ +<none>$/m);
  });
});
