import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannedApiServer } from './canned-api-server.ts';
import { ranAlike } from './ran-alike.ts';
import { labelSelectors, soundSelectors } from './selector-inputs.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 24);
/** Selectors that are tried at once. */
const BATCH = 8;

/** Found by these tests, once: what an error quotes, it quotes as Go does. */
const EXAMPLES = ['\u00a0app=a', '!\u00a0', 'a=\u00a0b', 'a=\u2028', '\ufeffa', 'a in (\u0007)'];

describe('label selectors', () => {
  it('are parsed as the real kubectl parses them, or refused with its words', async () => {
    // A PodDisruptionBudget shows what was understood: ParseToLabelSelector.
    const parsed = async (selectors: readonly string[]): Promise<void> => {
      const { ours, theirs } = await ranAlike(
        selectors.map((text) => ({
          argv: ['create', 'pdb', 'p', `--selector=${text}`, '--min-available=1', '--dry-run=client', '-o', 'json'],
        })),
        { flags: ['--kubeconfig=/dev/null'] },
      );
      expect(ours).toEqual(theirs);
    };
    await parsed(EXAMPLES);
    await fc.assert(fc.asyncProperty(fc.array(labelSelectors, { minLength: BATCH, maxLength: BATCH }), parsed), {
      numRuns: Math.ceil((RUNS * 2) / BATCH),
      endOnFailure: true,
    });
  });

  describe('choose objects', () => {
    let server: CannedApiServer;
    beforeAll(async () => {
      server = await CannedApiServer.start();
    });
    afterAll(() => server.stop());

    const value = fc.constantFrom('', 'web', 'db', '1', '10', '-1', '9', 'x.y_z-1', '007', '99999999999999999999');
    const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'example.com/app', 'A_b.c'), value, { maxKeys: 4 });
    const objects = fc.array(labels, { minLength: 12, maxLength: 12 });

    it('as the real kubectl chooses them of a manifest', async () => {
      await fc.assert(
        fc.asyncProperty(
          objects,
          fc.array(soundSelectors, { minLength: BATCH, maxLength: BATCH }),
          async (all, selectors) => {
            const items = all.map((each, index) => {
              return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}`, labels: each } };
            });
            const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
            const { ours, theirs } = await ranAlike(
              selectors.map((text) => ({
                argv: ['create', '-f', '-', '-l', text, '--dry-run=client', '--validate=false', '-o', 'name'],
                input,
              })),
              { flags: [`--server=${server.url}`] },
            );
            expect(ours).toEqual(theirs);
          },
        ),
        { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
      );
    });
  });
});
