import type { Address, Contact } from '@showfloor/api-client/http';
import type { TextKey } from '../text/texts.ts';

type Fields = { get(name: string): unknown };

const needs: [string, TextKey, RegExp][] = [
  ['name', 'needName', /\S/],
  // The shop's mail decides what exists; this only catches what cannot.
  ['email', 'needEmail', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['line1', 'needStreet', /\S\s*\S/],
  ['postal_code', 'needPostcode', /^[\w -]{3,}$/],
  ['city', 'needCity', /\S\s*\S/],
];

/** Reads contact and address from a form; what is missing is named by field. */
export function readDetails(
  fields: Fields,
): { contact: Contact; address: Address } | { problems: Record<string, TextKey> } {
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  const problems: Record<string, TextKey> = {};
  for (const [name, problem, shape] of needs) if (!shape.test(text(name))) problems[name] = problem;
  if (Object.keys(problems).length) return { problems };
  return {
    contact: { name: text('name'), email: text('email') },
    address: { line1: text('line1'), postal_code: text('postal_code'), city: text('city'), country: text('country') },
  };
}
