import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannedApiServer } from './canned-api-server.ts';
import { quantities, quantityValues } from './quantity-inputs.ts';
import { type CommandLine, ranAlike } from './ran-alike.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 24);
/** Command lines that are tried at once. */
const BATCH = 8;
/** Quantities that share a command line where they are quantities. */
const TOGETHER = 10;

async function agree(lines: readonly CommandLine[], flags: readonly string[]): Promise<void> {
  const { ours, theirs } = await ranAlike(lines, { flags });
  expect(ours).toEqual(theirs);
}

function quota(texts: readonly string[]): CommandLine {
  const hard = texts.map((text, index) => `r${index}=${text}`).join(',');
  return { argv: ['create', 'quota', 'q', `--hard=${hard}`, '--dry-run=client', '-o', 'json'] };
}

/** A pod whose quantities are anything: kubectl decodes it, and prints what it read. */
function pod(values: readonly unknown[]): CommandLine {
  const limits = Object.fromEntries(values.map((value, index) => [`r${index}`, value]));
  const spec = {
    containers: [{ name: 'a', resources: { limits } }],
    overhead: { cpu: values[0] },
    volumes: [{ name: 'v', emptyDir: { sizeLimit: values[1] } }],
  };
  const input = JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p' }, spec });
  return { argv: ['set', 'image', '--local', '-f', '-', 'a=x', '-o', 'json'], input };
}

describe('quantities', () => {
  it('are read and written on the command line as the real kubectl does', async () => {
    const offline = ['--kubeconfig=/dev/null'];
    // Blanks around a quantity are refused here, though not in a document.
    await agree([quota([' 1']), quota(['1 ']), pod([' 1 ', '1.5P', '1742271101E+2', 1000, 0.1, '1.10G'])], offline);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(quantities, { minLength: 1, maxLength: 2 }), { minLength: BATCH, maxLength: BATCH }),
        (all) => agree(all.map(quota), offline),
      ),
      { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
    );
  });

  it('are read and written in documents as the real kubectl does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(quantityValues, { minLength: 1, maxLength: TOGETHER }), {
          minLength: BATCH,
          maxLength: BATCH,
        }),
        (all) => agree(all.map(pod), ['--kubeconfig=/dev/null']),
      ),
      { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
    );
  });

  describe('of objects', () => {
    let server: CannedApiServer;
    beforeAll(async () => {
      server = await CannedApiServer.start();
    });
    afterAll(() => server.stop());

    it('are sorted as the real kubectl sorts them', async () => {
      const sortable = fc.oneof({ weight: 6, arbitrary: quantities }, fc.constantFrom('a10', 'a9', 'A', '', 'z'));
      const rows = fc.array(fc.array(sortable, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(rows, fc.boolean(), async (all, numbers) => {
          const items = all.map((texts, index) => ({
            kind: 'ConfigMap',
            apiVersion: 'v1',
            metadata: { name: `c${index}`, namespace: 'default' },
            data: Object.fromEntries(texts.map((text, at) => [`k${at}`, text])),
            ...(numbers ? { number: (index * 7) % 5, flag: index % 2 === 0 } : {}),
          }));
          server.object = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: {}, items };
          const keys = ['.data.k0', '{.data.k1}', 'data.k2', '.number', '.metadata.name', '.data.none'];
          await agree(
            keys.map((key) => ({ argv: ['get', 'configmaps', '-n', 'default', `--sort-by=${key}`, '-o', 'name'] })),
            [`--server=${server.url}`],
          );
        }),
        { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
      );
    });
  });
});
