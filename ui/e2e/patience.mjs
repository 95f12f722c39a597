// How long the tests wait before they give something up. None of it is time that a sound test takes: it is for machines that
// are slow, or do much else.

/** What a page shall show, and what shall become true. */
export const patienceMs = 60_000;

/** A server or a browser that starts. */
export const startMs = 180_000;

/** A whole test; those that look at very many pages say how many times as long they may take. */
export const testMs = 600_000;

/** What all tests of a file need: stores that are made first, and data. */
export const makeMs = 3_600_000;
