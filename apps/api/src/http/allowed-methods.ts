import type { HttpAdapterHost } from '@nestjs/core';

/** The part of Express's router that says what it knows; not in its types. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Nest registers middleware as a route of all methods, this one included, which no controller answers. */
const MIDDLEWARE_METHOD = 'connect';

/** Methods the address knows, sorted; empty for an unknown address. */
export function allowedMethods({ httpAdapter }: HttpAdapterHost, path: string): string[] {
  const { router } = httpAdapter.getInstance<{ router?: { stack: readonly RouterLayer[] } }>();
  const methods = new Set<string>();
  for (const layer of router?.stack ?? []) {
    if (layer.route === undefined || MIDDLEWARE_METHOD in layer.route.methods || !layer.match(path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
