import { describeDirectory } from './contract/directory.js';
import { createHarness, type Open } from './contract/harness.js';
import { describeLifecycle } from './contract/lifecycle.js';
import { describeLog } from './contract/log.js';
import { describePages } from './contract/pages.js';
import { describeReading } from './contract/reading.js';
import { describeWriting } from './contract/writing.js';

/** Every promise of the store port, for an adapter: the same for all of them. */
export function describeStore(name: string, open: Open): void {
  describe(name, () => {
    const harness = createHarness(open);
    describeWriting(harness);
    describePages(harness);
    describeReading(harness);
    describeLog(harness);
    describeDirectory(harness);
    describeLifecycle(harness);
  });
}
