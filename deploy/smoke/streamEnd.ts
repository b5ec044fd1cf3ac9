/** Longer than the last event of a stream with the line breaks after it. */
const TAIL = 64;

/**
 * Watches a stream of events go by for its last one, `[DONE]`, which openai's client swallows: to the client, a stream
 * that broke off looks like one that ended.
 *
 * @returns the same response, to be read instead of the one given, and whether its end has come so far.
 */
export function watchEnd(response: Response): { readonly watched: Response; ended(): boolean } {
  const decoder = new TextDecoder();
  let tail = "";
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      tail = (tail + decoder.decode(bytes, { stream: true })).slice(-TAIL);
      controller.enqueue(bytes);
    },
  });
  const watched = new Response(response.body?.pipeThrough(watch) ?? null, response);
  return { watched, ended: () => /(^|\n)data: ?\[DONE\]\s*$/.test(tail) };
}
