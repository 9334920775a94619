// node .tools/run-together.mjs SCRIPT …: runs scripts of package.json at the same time, and shows what each printed when it is done.
import { spawn } from 'node:child_process';

const failed = [];
await Promise.all(
  process.argv.slice(2).map(async (script) => {
    const began = performance.now();
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => said.push(bytes));
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (status !== 0) failed.push(script);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`> ${script}: ${status === 0 ? 'passed' : 'FAILED'} after ${seconds} s\n`);
    process.stdout.write(Buffer.concat(said));
  }),
);
if (failed.length > 0) process.stderr.write(`error: failed: ${failed.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
