'use strict';
// Loaded into a server that is measured: tells its parent what is left on the heap when everything unused is collected.
process.on('message', async () => {
  for (let round = 0; round < 3; round++) {
    global.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.send(process.memoryUsage());
});
process.channel.unref();
