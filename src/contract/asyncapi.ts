import type { z } from 'zod';
import { clientEvents, serverEvents } from './events.js';
import { createSchemaBook, type JsonSchema } from './json-schema.js';

type ServerEvent = { readonly payload: z.ZodType; readonly summary: string };
type ClientEvent = ServerEvent & { readonly ack: z.ZodType };

/** The AsyncAPI 3 document of the Socket.IO namespace `/threads`, made of the event table. */
export function asyncapiDocument(version: string): JsonSchema {
  const book = createSchemaBook();
  const sent = Object.entries(clientEvents) as [string, ClientEvent][];
  const heard = Object.entries(serverEvents) as [string, ServerEvent][];
  const messages = Object.fromEntries([
    ...sent.map(([name, event]) => [
      idOf(name),
      message(name, event, book.schemaOf(event.payload, 'input')),
    ]),
    ...sent.map(([name, { ack }]) => [
      `${idOf(name)}Ack`,
      {
        name: `${name} (acknowledgement)`,
        summary: `Answer to \`${name}\`.`,
        payload: book.schemaOf(ack, 'output'),
      },
    ]),
    ...heard.map(([name, event]) => [
      idOf(name),
      message(name, event, book.schemaOf(event.payload, 'output')),
    ]),
  ] as [string, JsonSchema][]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sayso, realtime',
      version,
      description:
        'Socket.IO over WebSocket only, path `/socket.io`, namespace `/threads`; handshake auth ' +
        '`{token?}`. Every message of a client may ask for an acknowledgement. A reader who saw ' +
        'revision n has seen every change up to n: frames carry `prev` and `rev`; after a gap read ' +
        'on with `GET …/changes?since=`.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      threads: {
        address: '/threads',
        title: 'Threads',
        messages: Object.fromEntries(
          Object.keys(messages).map((id) => [id, { $ref: `#/components/messages/${id}` }]),
        ),
      },
    },
    operations: Object.fromEntries([
      ...sent.map(([name, { summary }]) => [idOf(name), receive(name, summary)]),
      ...heard.map(([name, { summary }]) => [idOf(name), send(name, summary)]),
    ] as [string, JsonSchema][]),
    components: { messages, schemas: book.named() },
  };
}

const message = (name: string, { summary }: ServerEvent, payload: JsonSchema): JsonSchema => ({
  name,
  summary: `${summary}.`,
  payload,
});

/** What the server receives from a client, and its reply. */
const receive = (name: string, summary: string): JsonSchema => ({
  action: 'receive',
  channel: { $ref: '#/channels/threads' },
  summary: `${summary}.`,
  messages: [inChannel(idOf(name))],
  reply: {
    channel: { $ref: '#/channels/threads' },
    messages: [inChannel(`${idOf(name)}Ack`)],
  },
});

const send = (name: string, summary: string): JsonSchema => ({
  action: 'send',
  channel: { $ref: '#/channels/threads' },
  summary: `${summary}.`,
  messages: [inChannel(idOf(name))],
});

const inChannel = (id: string): JsonSchema => ({ $ref: `#/channels/threads/messages/${id}` });

/** `thread:join` as a name in the document: `threadJoin`. */
const idOf = (name: string): string =>
  name.replace(/:(\w)/g, (_, letter: string) => letter.toUpperCase());
