import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiColumn, kubectlColumn } from '../transcripts/columns.ts';
import { readScript, runScript } from './comparison.ts';

const folder = new URL('../../fixtures/comparisons/', import.meta.url).pathname;
const scripts = fs.readdirSync(folder).filter((name) => name.endsWith('.txt'));

describe.concurrent('the same commands with kubectl and with kube-lite, each against a server of its own', () => {
  it('are there', () => {
    expect(scripts.length).toBeGreaterThan(0);
  });

  it.each(scripts)('%s', { timeout: 300_000 }, async (name) => {
    const script = readScript(`${folder}${name}`);
    const [kubectl, kubeLite] = await Promise.all([runScript(script, kubectlColumn), runScript(script, apiColumn)]);
    expect(kubectl.length).toBeGreaterThan(0);
    expect(kubeLite).toEqual(kubectl);
  });
});
