import { Fragment } from 'react';

/** A name that may be broken after its dashes, dots and slashes, before it is broken anywhere else. */
export function Breakable({ name }: { name: string }) {
  const parts = name.split(/(?<=[_\-./:])/);
  return parts.map((part, i) => <Fragment key={i}>{i > 0 && <wbr />}{part}</Fragment>);
}
