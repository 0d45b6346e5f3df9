import { DomainError } from '../../domain/errors.js';
import { openDatabase } from './driver.js';
import { isBusy } from './errors.js';

/**
 * Claims a database file for one server. The claim is a lock on a small database beside it, held as
 * long as this process lives, so that even kill -9 frees it. That file is written by `exec` alone and
 * must not be opened a second time by its owner: closing any handle would drop its POSIX locks.
 * Throws STORE_UNAVAILABLE where another server has it. Returns how to let go.
 */
export function claim(path: string): () => void {
  const lock = openDatabase(`${path}.lock`);
  try {
    lock.exec(
      'pragma locking_mode = exclusive; pragma journal_mode = memory; begin exclusive; ' +
        'create table if not exists owner(pid); commit',
    );
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new DomainError(
      'STORE_UNAVAILABLE',
      {
        detail:
          `Another Sayso server is running on ${path}. ` +
          'One file takes one server: stop the other one first.',
      },
      error,
    );
  }
  return () => lock.close();
}
