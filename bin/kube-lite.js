#!/usr/bin/env node
'use strict';
const path = require('node:path');
const { loadProgram } = require('./load-program.js');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: kube-lite needs Node.js 20.19 or newer; this is ${process.versions.node}\n`);
  process.exit(1);
}
loadProgram(path.join(__dirname, '../dist/main.cjs'));
