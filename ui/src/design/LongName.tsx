/** So many letters of the end always show. */
const tail = 8;
/** Names as long as this fit nowhere. */
const long = 32;

/** A name that, where it is long, is cut in its middle: names of runs of one series differ at their ends. */
export function LongName({ name }: { name: string }) {
  if (name.length < long) return <span className="cutEnd">{name}</span>;
  return <span className="cutMiddle"><span>{name.slice(0, -tail)}</span>{name.slice(-tail)}</span>;
}
