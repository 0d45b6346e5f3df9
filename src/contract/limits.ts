/**
 * Sizes that both sides of the wire keep to. Plain values without any import, so that browser
 * code may read them (the only file of the contract of which it may import values).
 */
export const limits = {
  /** Characters (UTF-16 code units) of a comment as typed. */
  sourceChars: 10_000,
  /** Bytes (UTF-8) of a rendered comment. */
  htmlBytes: 64 * 1024,
  /** Graphemes of a display name. */
  nameGraphemes: 40,
  /** Characters of a publisher's article id. */
  articleChars: 200,
  /** Characters of an article's title. */
  titleChars: 300,
  /** Characters of an article's address, and of a link in a comment. */
  urlChars: 2_048,
  /** Characters of the words that go with a report. */
  reportChars: 500,
  /** Characters of an Idempotency-Key. */
  idempotencyKeyChars: 255,
  /** Replies below replies: the deepest `depth` of a comment. */
  depth: 32,
  /** Items of one page, and of one answer of `changes`. */
  pageItems: 100,
  /** Items of a page when nothing is asked for. */
  pageItemsDefault: 20,
  /** Replies that a root of a page carries. */
  replyPreview: 3,
  /** Bytes of items in one frame or one answer of `changes`. */
  changesBytes: 128 * 1024,
  /** Seconds that `changes?wait=` may hold a request. */
  waitSeconds: 25,
  /** Articles in one request for counts. */
  countedArticles: 100,
  /** Bytes of a JSON body. */
  bodyBytes: 32 * 1024,
  /** Nesting of a JSON body. */
  bodyDepth: 8,
  /** Bytes of one Socket.IO message from a client. */
  socketMessageBytes: 16 * 1024,
} as const;
