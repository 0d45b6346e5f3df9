const words =
  'the agreement was signed in the morning and nobody in the room had expected how quickly it would change what people say about it on either side of the border where prices rose and trains ran late again this week'.split(
    ' ',
  );

/** A text of about so many characters that no other number gives. */
export function sentence(n: number, chars: number): string {
  let text = `Reply ${n}:`;
  for (let i = n; text.length < chars; i = (i * 31 + 7) % 1_000_003)
    text += ` ${words[i % words.length]}`;
  return `${text.slice(0, chars)}.`;
}
