/** One server-sent event. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events (HTML standard, 9.2) from a body until it ends; comments and fields we do not use are skipped. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = parse(text.slice(0, end));
      text = text.slice(end + 2);
      if (event !== null) yield event;
    }
  }
}

function parse(block: string): ReceivedEvent | null {
  const fields = block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string?]);
  const value = (name: string): string[] => fields.filter(([field]) => field === name).map(([, text = '']) => text);
  const data = value('data');
  if (data.length === 0) return null;
  return { event: value('event').at(-1) ?? 'message', data: JSON.parse(data.join('\n')) };
}
