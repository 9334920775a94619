import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const FIXTURES = fileURLToPath(new URL('../../fixtures/kustomize/', import.meta.url));

/** A kustomization of our own, and what `kubectl kustomize` makes of it. */
export interface RecordedCase {
  readonly name: string;
  /** The folder of the case; errors name it ROOT. */
  readonly root: string;
  /** The folder that the build starts at. */
  readonly start: string;
  readonly flags: readonly string[];
  readonly output: string;
  readonly errors: string;
}

/** All cases of fixtures/kustomize: a file `arguments` names the folder to start at, and flags. */
export function recordedCases(): RecordedCase[] {
  return fs.readdirSync(path.join(FIXTURES, 'cases')).map((name) => {
    const root = path.join(FIXTURES, 'cases', name);
    const [start = '.', ...flags] = textOf(path.join(root, 'arguments'))
      .split('\n')
      .filter((line) => line !== '');
    const expected = path.join(FIXTURES, 'expected', name);
    return {
      name,
      root,
      start: path.join(root, start),
      flags,
      output: textOf(`${expected}.yaml`),
      errors: textOf(`${expected}.txt`),
    };
  });
}

function textOf(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}
