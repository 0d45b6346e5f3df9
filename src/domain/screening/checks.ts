import type { Check } from './screening.js';

/** The checks in their order: cheap ones first. */
export const checks: readonly Check[] = [];
