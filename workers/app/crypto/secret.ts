const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A value that does not show itself: not in JSON, not in a template string, not in a log line. */
export interface Secret {
  reveal(): string
  toJSON(): string
  toString(): string
}

/** Hides a value behind `reveal`. */
export function secret(value: string): Secret {
  const hidden = () => '[secret]'
  return Object.freeze({
    reveal: () => value,
    toJSON: hidden,
    toString: hidden,
    [Symbol.toPrimitive]: hidden,
    [INSPECT]: hidden,
  })
}
