/** What fits the letters typed, best first: that begins so, in which a word begins so, that holds it, that has the letters in order. */
export function rank<T>(items: readonly T[], q: string, nameOf: (item: T) => string): T[] {
  if (q === '') return [...items];
  const wanted = q.toLowerCase();
  return items.map((item) => ({ item, score: score(nameOf(item).toLowerCase(), wanted) })).filter(({ score }) => score !== null)
    .sort((a, b) => a.score! - b.score!).map(({ item }) => item);
}

/** How well a name fits: less is better, null not at all. */
export function score(name: string, wanted: string): number | null {
  const at = name.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return /[\s_\-./:]/.test(name[at - 1]!) ? 1 : 2;
  // Letters in order, but not so far apart that any long name has them.
  let from = 0;
  const first = name.indexOf(wanted[0]!);
  for (const letter of wanted) {
    from = name.indexOf(letter, from) + 1;
    if (from === 0) return null;
  }
  return from - first > wanted.length * 4 ? null : 3 + (from - wanted.length) / 1000;
}
