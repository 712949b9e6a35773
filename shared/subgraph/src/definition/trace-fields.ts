import type { DatabaseSession } from '@weft/database';
import { ATTRIBUTES, SPANS, type SpanContext } from '@weft/telemetry';
import type { SubgraphContext } from '../subgraph-context.ts';
import type { FieldResolver, ReferenceResolver, ResolverMap, TypeResolvers } from './resolver-map.ts';

/**
 * Gives the resolvers a session each that says which field asks, so that a batch can be linked to all fields that it
 * serves. A field has one span in an operation, from its first load on, whatever the number of its objects; fields that
 * load nothing have none. Without an exporter the session is handed on as it is.
 */
export function traceFields<T>(resolvers: ResolverMap<T>): ResolverMap<T> {
  return Object.fromEntries(Object.entries(resolvers).map(([type, fields]) => [type, traceType(type, fields)]));
}

function traceType<T>(type: string, fields: TypeResolvers<T>): TypeResolvers<T> {
  const traced: Record<string, unknown> = {};
  for (const [field, resolve] of Object.entries(fields)) {
    if (resolve === undefined || field === '__resolveType') traced[field] = resolve;
    else if (field === '__resolveReference') traced[field] = traceReference(type, resolve as ReferenceResolver<T>);
    else traced[field] = traceField(`${type}.${field}`, resolve as FieldResolver<T>);
  }
  return traced as TypeResolvers<T>;
}

function traceField<T>(coordinate: string, resolve: FieldResolver<T>): FieldResolver<T> {
  return (parent, args, context, info) => resolve(parent, args, askingFor(coordinate, context), info);
}

function traceReference<T>(type: string, resolve: ReferenceResolver<T>): ReferenceResolver<T> {
  return (representation, context) => resolve(representation, askingFor(type, context));
}

/** Per request: the context that each field was given. */
const contexts = new WeakMap<object, Map<string, object>>();

function askingFor<T>(coordinate: string, context: SubgraphContext<T>): SubgraphContext<T> {
  if (!context.telemetry.exporting) return context;
  const known = contexts.get(context) ?? new Map<string, object>();
  contexts.set(context, known);
  const own = (known.get(coordinate) as SubgraphContext<T> | undefined) ?? {
    ...context,
    session: askingSession(coordinate, context),
  };
  known.set(coordinate, own);
  return own;
}

function askingSession<T>(coordinate: string, { session, telemetry }: SubgraphContext<T>): DatabaseSession<T> {
  let span: SpanContext | undefined;
  /** The first load makes the span and lasts as long; what the field loads meanwhile and later belongs to it too. */
  const asking = <R>(load: () => Promise<R>): Promise<R> => {
    if (span !== undefined) return telemetry.within(span, load);
    return telemetry.span(SPANS.subgraphField, { attributes: { [ATTRIBUTES.field]: coordinate } }, (own) => {
      span = own.spanContext();
      return load();
    });
  };
  return {
    load: (loader, key) => asking(() => session.load(loader, key)),
    loadMany: (loader, keys) => asking(() => session.loadMany(loader, keys)),
    list: (loader, parent) => asking(() => session.list(loader, parent)),
    top: (loader, request) => asking(() => session.top(loader, request)),
    scatter: (scatter, args, request) => asking(() => session.scatter(scatter, args, request)),
    reference: (reference) => asking(() => session.reference(reference)),
    prime: (loader, row) => session.prime(loader, row),
    read: (read) => asking(() => session.read(read)),
    write: (write) => asking(() => session.write(write)),
    tokens: () => session.tokens(),
  };
}
