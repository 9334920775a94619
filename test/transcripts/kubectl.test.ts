import { describe, expect, it } from 'vitest';
import { kubectlColumn } from './columns.ts';
import { describeColumn, transcriptFile, transcriptNames } from './describe-column.ts';
import { isToBeRecorded, record } from './record.ts';

const recorded = transcriptNames().filter((name) => isToBeRecorded(name));

if (recorded.length > 0) {
  describe.concurrent('recording transcripts', () => {
    it.for(recorded)('%s', { timeout: 180_000 }, async (name) => {
      expect(await record(transcriptFile(name), kubectlColumn)).toBeGreaterThan(0);
    });
  });
} else {
  describeColumn(kubectlColumn);
}
