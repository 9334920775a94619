// Runs a built program, `record-run.cjs MAIN ARGUMENT...`, and leaves the compiled code of its chunks beside them when it
// exits. A run begins with what the runs before it compiled, so that a chunk's file has what any of them used.
const fs = require('node:fs');
const { compile, runChunks } = require('../bin/load-program.js');

const main = process.argv[2];
process.argv.splice(1, 2, main);
const scripts = new Map();
process.on('exit', () => {
  for (const [file, script] of scripts) {
    const code = script.createCachedData();
    if (code.length > (knownCode(file)?.length ?? 0)) fs.writeFileSync(`${file}.cache`, code);
  }
});
runChunks(main, (file) => {
  const script = compile(file, knownCode(file));
  scripts.set(file, script);
  return script;
});

function knownCode(file) {
  return fs.existsSync(`${file}.cache`) ? fs.readFileSync(`${file}.cache`) : undefined;
}
