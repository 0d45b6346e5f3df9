import { join } from 'node:path';
import type { Clock } from '../../src/domain/ports.js';
import { openStore } from '../../src/store/open-store.js';
import type { Opened } from '../store/contract/harness.js';
import { aFolder } from './folder.js';

/** A store on a database file in a fresh folder. */
export async function openSqliteFile(clock: Clock): Promise<Opened & { readonly file: string }> {
  const folder = aFolder();
  const file = join(folder.path, 'sayso.db');
  const url = `sqlite:${file}`;
  let open = await openStore(url, { clock });
  return {
    get store() {
      return open;
    },
    url,
    file,
    async reopen() {
      await open.close();
      open = await openStore(url, { clock });
      return open;
    },
    async close() {
      await open.close();
      folder.remove();
    },
  };
}
