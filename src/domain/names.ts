import { invalidField } from './errors.js';
import type { Site } from './site.js';
import { cleanName, skeleton } from './text/unicode.js';

/** A display name as it may stand on a comment; a name that looks like one of the staff's is refused. */
export function acceptName(site: Site, name: string, path: string): string {
  const clean = cleanName(name, path);
  const look = skeleton(clean);
  if (site.staffNames.some((staff) => skeleton(staff) === look)) {
    throw invalidField(path, 'This name belongs to the staff of the site.');
  }
  return clean;
}
