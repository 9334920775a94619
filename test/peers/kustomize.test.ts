import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKustomization, builtText } from '../../src/kustomize/build-kustomization.ts';
import { kustomizeDisk } from '../../src/manifests/kustomize-disk.ts';
import { UserError } from '../../src/model/user-error.ts';
import { run } from '../commands/run-program.ts';
import { recordedCases } from '../kustomize/recorded-cases.ts';
import { type Tree, trees } from './kustomization-inputs.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 120);

interface Built {
  readonly output: string;
  readonly errors: string;
}

function ours(folder: string): Built {
  let errors = '';
  try {
    const warn = (line: string): void => void (errors += `${line}\n`);
    return { output: builtText(buildKustomization(folder, { files: kustomizeDisk, warn })), errors };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { output: '', errors: `${errors}error: ${error.message}`.replace(/\n*$/, '\n') };
  }
}

async function kubectls(folder: string): Promise<Built> {
  const { stdout, stderr } = await runKubectl(['kustomize', folder]);
  return { output: stdout, errors: stderr };
}

/** Without what two runs of kustomize do not agree on: the time of a log line, the order of vars, the address of a generator. */
function comparable({ output, errors }: Built): Built {
  const plain = errors
    .replaceAll(/^[IWE]\d{4} \S+ +\d+ log[.]go:\d+\] /gm, '')
    .replace(/(?<=never replaced: ).*$/m, (names) => names.split(',').toSorted().join(','))
    .replaceAll(/merging from generator .*?: id /g, 'merging from generator X: id ');
  return { output, errors: plain };
}

describe('builds are those of kubectl kustomize', () => {
  it('in the recorded cases', async () => {
    for (const { name, root, start, flags, output, errors } of recordedCases()) {
      const { stdout, stderr } = await runKubectl(['kustomize', start, ...flags]);
      const actual = comparable({ output: stdout, errors: stderr.replaceAll(root, 'ROOT') });
      expect({ name, ...actual }).toEqual({ name, ...comparable({ output, errors }) });
    }
  });

  let root = '';
  beforeAll(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'kube-lite-kustomize-')));
  });
  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  async function write(tree: Tree): Promise<string> {
    const folder = await fs.mkdtemp(path.join(root, 'k'));
    for (const [file, text] of Object.entries(tree)) {
      await fs.mkdir(path.join(folder, path.dirname(file)), { recursive: true });
      await fs.writeFile(path.join(folder, file), text, file.endsWith('.bin') ? 'latin1' : 'utf8');
    }
    return path.join(folder, 'overlay');
  }

  it.each(['', 'sortOptions: { order: fifo }\n'])('in the order of --reorder, with %j', async (sortOptions) => {
    const object = (kind: string, name: string): string =>
      `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
    const objects = [
      object('Service', 's'),
      object('ConfigMap', 'z'),
      object('Namespace', 'n'),
      object('ConfigMap', 'a'),
    ];
    const folder = await write({
      'overlay/kustomization.yaml': `resources: [all.yaml]\n${sortOptions}`,
      'overlay/all.yaml': objects.join('---\n'),
    });
    for (const flag of ['--reorder=legacy', '--reorder=none']) {
      const [theirs, own] = await Promise.all([
        runKubectl(['kustomize', folder, flag]),
        run(['kustomize', folder, flag]),
      ]);
      expect(comparable(own)).toEqual(comparable({ output: theirs.stdout, errors: theirs.stderr }));
    }
  });

  it('whatever their features', async () => {
    let built = 0;
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const folder = await write(tree);
        const expected = await kubectls(folder);
        // It panics, or breaks down in ways that are no text to agree with.
        fc.pre(!/^panic:|goroutine \d+/m.test(expected.errors));
        expect(comparable(ours(folder))).toEqual(comparable(expected));
        if (expected.output !== '') built++;
      }),
      { numRuns: RUNS, endOnFailure: false },
    );
    // Else the inputs are mostly broken and the test tells little.
    expect(built).toBeGreaterThan(RUNS / 5);
  });
});
