import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { inMode } from './fault-mode.ts';

const program = new URL('../../bin/kube-lite.js', import.meta.url).pathname;
const PROCESSES = 16;
/** Of each process. The race costs some processes an increment, as most of them are beaten several times. */
const INCREMENTS = inMode({ short: 1, long: 4 });

interface Result {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

function kubeLite(args: readonly string[], env: Record<string, string>, input = ''): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: '/proc/no-home', ...env },
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? -1, output, errors }));
    child.stdin.end(input);
  });
}

interface Counter {
  data: { n: string };
}

/** Reads the counter, writes it back one greater, and begins again when somebody else was faster. */
async function increment(env: Record<string, string>): Promise<number> {
  for (let attempts = 1; ; attempts++) {
    const read = await kubeLite(['get', 'configmap', 'counter', '-o', 'json'], env);
    expect(read).toMatchObject({ status: 0, errors: '' });
    const counter = JSON.parse(read.output) as Counter;
    counter.data.n = String(Number(counter.data.n) + 1);
    const write = await kubeLite(['replace', '-f', '-'], env, JSON.stringify(counter));
    if (write.status === 0) return attempts;
    expect(write.errors).toContain('the object has been modified');
  }
}

async function race(env: Record<string, string>): Promise<void> {
  expect(await kubeLite(['create', 'configmap', 'counter', '--from-literal=n=0'], env)).toMatchObject({ status: 0 });
  const attempts = await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      let tries = 0;
      for (let done = 0; done < INCREMENTS; done++) tries += await increment(env);
      return tries;
    }),
  );
  const { output } = await kubeLite(['get', 'configmap', 'counter', '-o', 'jsonpath={.data.n}'], env);
  const tries = attempts.reduce((sum, each) => sum + each, 0);
  process.stdout.write(
    `counter: ${PROCESSES} processes, ${PROCESSES * INCREMENTS} increments, ${tries} attempts, result ${output}\n`,
  );
  expect(output).toBe(String(PROCESSES * INCREMENTS));
}

describe('sixteen processes that increment one counter through the command line', () => {
  let folder: string;
  let etcd: EtcdServer;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-counter-'));
    etcd = await startEtcd();
  });
  afterAll(async () => {
    await etcd.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('lose none on local', { timeout: 600_000 }, () => race({ KUBE_LITE_DATA_DIR: path.join(folder, 'store') }));
  it('lose none on etcd', { timeout: 600_000 }, () => race({ KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(',') }));
});
