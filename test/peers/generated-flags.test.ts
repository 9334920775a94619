import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorLines } from './generator-inputs.ts';
import { type CommandLine, type RanLine, ranAlike } from './ran-alike.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40);
/** Command lines that are tried at once. */
const BATCH = 8;

/** Found by this test, once. */
const EXAMPLES = [
  ['secret', 'generic', 'n', '--from-literal=é=1', '--from-literal==', '--dry-run=client'],
  ['service', 'nodeport', 'n', '--tcp=80', '--save-config', '--dry-run=client', '-o', 'yaml'],
  ['service', 'externalname', 'n', '--external-name=x.io', '--save-config', '--dry-run=client', '-o', 'yaml'],
  ['cronjob', 'n', '--image=', '--schedule=@daily', '--dry-run=client', '-o', 'yaml'],
].map((words) => ({ argv: ['create', ...words] }));

/** kubectl makes up the end of a container's name that it has to make valid. */
function comparable(lines: readonly RanLine[]): RanLine[] {
  return lines.map((line) =>
    line.argv[1] === 'deployment' ? { ...line, stdout: line.stdout.replaceAll(/-[a-z0-9]{5}\b/g, '-RANDOM') } : line,
  );
}

describe('the flags of generators', () => {
  it('make the objects, or the errors, that the real kubectl makes of them', async () => {
    const agree = async (lines: readonly CommandLine[]): Promise<void> => {
      const { ours, theirs } = await ranAlike(lines, { flags: ['--kubeconfig=/dev/null'] });
      expect(comparable(ours)).toEqual(comparable(theirs));
    };
    await agree(EXAMPLES);
    await fc.assert(fc.asyncProperty(fc.array(generatorLines, { minLength: BATCH, maxLength: BATCH }), agree), {
      numRuns: Math.ceil(RUNS / BATCH),
      endOnFailure: true,
    });
  });
});
