import { openDatabase, type Database } from './driver.js';
import { migrate } from './schema.js';

/** A connection with every setting that durability rests on, at today's schema. */
export function openConfigured(path: string): Database {
  const db = openDatabase(path);
  try {
    db.exec('pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = full');
    db.exec('pragma foreign_keys = on; pragma trusted_schema = off');
    migrate(db);
    // from here on a wait would hold up the whole process: tried again by timer instead
    db.exec('pragma busy_timeout = 20');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Empties the write-ahead log first: the driver may keep files open while statements live. */
export function closeDatabase(db: Database): void {
  try {
    db.exec('pragma wal_checkpoint(truncate)');
  } finally {
    db.close();
  }
}
