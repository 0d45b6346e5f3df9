import { openDatabase } from '../../src/store/sqlite/driver.js';
import { migrate } from '../../src/store/sqlite/schema.js';

/** Run as a process of its own: migrates a file and kills itself just before its n-th statement. */
const [, , path = '', n = '1'] = process.argv;
const db = openDatabase(path);
db.exec('pragma journal_mode = wal');
let calls = 0;
migrate({
  ...db,
  exec(sql) {
    calls += 1;
    if (calls === Number(n)) process.kill(process.pid, 'SIGKILL');
    db.exec(sql);
  },
});
