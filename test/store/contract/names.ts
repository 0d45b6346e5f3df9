import { threadKey, type ThreadName } from '../../../src/domain/thread.js';

/** The thread of most tests of the contract, in every process. */
export const name: ThreadName = { site: 'demo', article: 'article-1' };

/** Its key. */
export const tk = threadKey(name);
