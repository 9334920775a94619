// Runs a built program, `record-run.cjs MAIN ARGUMENT...`, and leaves the compiled code of its chunks beside them when it
// exits. What a run compiled stays if another run compiled more.
const fs = require('node:fs');
const { compile, runChunks } = require('../bin/load-program.js');

const main = process.argv[2];
process.argv.splice(1, 2, main);
const scripts = new Map();
process.on('exit', () => {
  for (const [file, script] of scripts) {
    const code = script.createCachedData();
    const known = fs.statSync(`${file}.cache`, { throwIfNoEntry: false })?.size ?? 0;
    if (code.length > known) fs.writeFileSync(`${file}.cache`, code);
  }
});
runChunks(main, (file) => {
  const script = compile(file);
  scripts.set(file, script);
  return script;
});
