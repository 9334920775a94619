// npm run test:faults [-- --seed=N|random] [--short] [vitest's own arguments, such as test/faults/local-kill.test.ts or -t name]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, tokens } = parseArgs({
  options: { seed: { type: 'string' }, short: { type: 'boolean' } },
  strict: false,
  tokens: true,
});
const seed = values.seed ?? process.env.KUBE_LITE_SEED;
if (seed !== undefined && seed !== 'random' && !/^\d+$/.test(String(seed))) {
  process.stderr.write(`error: --seed is ${String(seed)}: want a number, or random\n`);
  process.exit(2);
}
const ours = new Set(tokens.filter((token) => token.kind === 'option' && ['seed', 'short'].includes(token.name)));
const skipped = new Set(
  [...ours].flatMap((token) =>
    token.value !== undefined && !token.inlineValue ? [token.index, token.index + 1] : [token.index],
  ),
);
const rest = process.argv.slice(2).filter((_, index) => !skipped.has(index));
const where = rest.some((argument) => argument.includes('test/')) ? rest : ['test/faults', ...rest];
const root = fileURLToPath(new URL('..', import.meta.url));
const number = seed === 'random' ? String(Math.floor(Math.random() * 2 ** 31)) : seed;
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...where],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      KUBE_LITE_FAULTS: values.short === true ? 'short' : 'long',
      ...(number === undefined ? {} : { KUBE_LITE_SEED: String(number) }),
    },
  },
);
process.exit(status ?? 1);
