import { openSqliteFile } from '../helpers/sqlite.js';
import { describeStore } from './store-contract.js';

describeStore('the SQLite store', openSqliteFile);
