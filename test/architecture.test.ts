import fs from 'node:fs';
import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, it } from 'vitest';
import { kubeLiteVersion } from '../src/model/version.ts';
import { LONG_FILES } from './longest-first.ts';

const root = new URL('..', import.meta.url).pathname;
const rules = createRequire(import.meta.url)('../.tools/layers.cjs') as {
  forbidden: unknown[];
  options: ICruiseOptions;
};

function sourceFiles(): string[] {
  return fs.readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

describe('the rooms', () => {
  it('import only what their rules allow', async () => {
    const { tsConfig: _file, ...options } = rules.options as ICruiseOptions & { tsConfig?: unknown };
    const result = await cruise(
      ['src'],
      { ...options, baseDir: root, validate: true, ruleSet: { forbidden: rules.forbidden } as never },
      {},
      { tsConfig: extractTSConfig(`${root}tsconfig.json`) },
    );
    const { summary, modules } = result.output as ICruiseResult;
    const own = modules.filter((module) => module.source.startsWith('src/'));
    // A cruise that sees nothing finds nothing wrong.
    expect(own.length).toBeGreaterThanOrEqual(sourceFiles().length);
    expect(summary.violations.map((each) => `${each.rule.name}: ${each.from} -> ${each.to}`)).toEqual([]);
  });

  it('have no barrels and no default exports', () => {
    const offenders = sourceFiles().filter((file) => {
      const text = fs.readFileSync(`${root}src/${file}`, 'utf8');
      return /^export default|^export \* from/m.test(text);
    });
    expect(offenders).toEqual([]);
  });
});

describe('the version', () => {
  it('is the same in the code and in package.json', () => {
    const { version } = JSON.parse(fs.readFileSync(`${root}package.json`, 'utf8')) as { version: string };
    expect(kubeLiteVersion).toBe(version);
  });
});

it('the test files that start first are there', () => {
  expect(LONG_FILES.filter((file) => !fs.existsSync(`${root}${file}`))).toEqual([]);
});
