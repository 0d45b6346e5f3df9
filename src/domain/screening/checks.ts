import { checkDuplicate } from './duplicate.js';
import { checkForm } from './form.js';
import { checkLinks } from './links.js';
import { checkPremoderation } from './premoderation.js';
import { forReaders, type Check } from './screening.js';

/** The checks in their order: cheap ones first. Staff and services meet the form only. */
export const checks: readonly Check[] = [
  checkForm,
  forReaders(checkDuplicate),
  forReaders(checkLinks),
  forReaders(checkPremoderation),
];
