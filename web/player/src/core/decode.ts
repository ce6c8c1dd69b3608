/**
 * Decoders for what arrives from outside. A shape names the fields that may be there; everything else is dropped,
 * so a message can neither carry surprises nor reach a prototype.
 */
export type Shape = 's' | 'n' | 'b' | { [key: string]: Shape } | readonly [Shape] | Optional;
interface Optional {
  readonly maybe: Shape;
}

export const maybe = (shape: Shape): Optional => ({ maybe: shape });

const isOptional = (shape: Shape): shape is Optional => typeof shape === 'object' && 'maybe' in shape;
/** Longest list and text that are believed. */
const LIST_MAX = 1_000;
const TEXT_MAX = 4_096;

/** Thrown for a value that does not have its shape. */
export class Misshapen extends Error {}

export function decode(shape: Shape, value: unknown): unknown {
  if (shape === 's') {
    if (typeof value === 'string' && value.length <= TEXT_MAX) return value;
  } else if (shape === 'n') {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  } else if (shape === 'b') {
    if (typeof value === 'boolean') return value;
  } else if (isOptional(shape)) {
    return value == null ? null : decode(shape.maybe, value);
  } else if (Array.isArray(shape)) {
    if (Array.isArray(value) && value.length <= LIST_MAX) return value.map((item) => decode(shape[0] as Shape, item));
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const made: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(shape as Record<string, Shape>)) {
      const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      const kept = decode(inner, found);
      if (kept !== null || found === null) made[key] = kept;
    }
    return made;
  }
  throw new Misshapen(`not ${JSON.stringify(shape)}`);
}
