import { asyncapiDocument } from '../src/contract/asyncapi.js';
import { errorTable } from '../src/contract/errors.js';
import { openapiDocument } from '../src/contract/openapi.js';
import { configurationTable } from '../src/config.js';

/** Every file below `docs/` that is made of the code, by its name. */
export const generatedDocs = (version: string): Readonly<Record<string, string>> => ({
  'openapi.json': toJson(openapiDocument(version)),
  'asyncapi.json': toJson(asyncapiDocument(version)),
  'errors.md': errorsPage(),
  'configuration.md': configurationPage(),
});

const toJson = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

const errorsPage = (): string => `# Error codes

Every error of the REST API is \`application/problem+json\` (RFC 9457); acknowledgements of sockets carry the same codes.
The codes are stable: switch on \`code\`, show \`detail\`. A running server has this list at \`/errors\`.

${Object.entries(errorTable)
  .map(
    ([code, { status, title, cause, fix }]) =>
      `## ${code}\n\nStatus ${status}: ${title}.\n\n${cause}\n\nWhat to do: ${fix}\n`,
  )
  .join('\n')}`;

const configurationPage = (): string => `# Configuration

Sayso reads environment variables, once, when it starts. A value that is no good stops the start, and all of them are
listed at once. Names that begin with \`SAYSO_\` and are not in this table are warned about.

${configurationTable()}`;
