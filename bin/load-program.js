'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/**
 * Runs a built program with V8's compiled code from the file beside each chunk (`x.cjs.cache`), which the build made:
 * compiling is a third of a short command's time. Compiled code only fits the Node.js that made it; on another one the
 * program is loaded as ordinary modules, with Node's own compile cache where there is one.
 */
exports.loadProgram = (main) => {
  const entry = compile(main, readIfThere(`${main}.cache`));
  if (entry.cachedDataRejected !== false) {
    Module.enableCompileCache?.();
    require(main);
    return;
  }
  runChunks(main, (file) => (file === main ? entry : compile(file, readIfThere(`${file}.cache`))));
};

/** Runs a program whose scripts `compiled` gives, for the build: it takes their compiled code when they have run. */
exports.runChunks = runChunks;
exports.compile = compile;

function compile(filename, cachedData) {
  return new vm.Script(Module.wrap(fs.readFileSync(filename, 'utf8')), { filename, cachedData });
}

function runChunks(main, compiled) {
  const modules = new Map();
  const load = (file) => {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const folder = path.dirname(file);
    // An `import()` within a command's work comes here each time.
    const near = new Map();
    const requireFrom = (id) => {
      let found = near.get(id);
      if (found === undefined) {
        found = id.startsWith('.') ? load(path.join(folder, id)) : require(id);
        near.set(id, found);
      }
      return found;
    };
    compiled(file).runInThisContext().call(module.exports, module.exports, requireFrom, module, file, folder);
    return module.exports;
  };
  load(main);
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}
