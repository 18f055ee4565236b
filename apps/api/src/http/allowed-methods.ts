import type { HttpAdapterHost } from '@nestjs/core';

/** The part of Express's router that says what it knows; not in its types. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Methods the address knows, sorted; empty for an unknown address. */
export function allowedMethods({ httpAdapter }: HttpAdapterHost, path: string): string[] {
  const { router } = httpAdapter.getInstance<{ router?: { stack: readonly RouterLayer[] } }>();
  const methods = new Set<string>();
  for (const layer of router?.stack ?? []) {
    if (layer.route === undefined || !layer.match(path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  methods.delete('_ALL');
  return [...methods].sort();
}
