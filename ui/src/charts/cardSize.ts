// How much of the page the card of a chart takes. Cards stand in rows of a few pixels, so that a short one leaves no hole.

/** Height of one row of the grid. */
const unit = 10;
/** Between cards, above each other. */
const gap = 14;
/** Heading, footer and the card's own edge. */
const around = 66;
/** A heading and a number. */
const numberHeight = 76;

export const chartHeights = { usual: 190, large: 460 };

/** What a card shows: a plot of so many pixels, or one number. */
export type CardSize = number | 'number';

/** How many rows of the grid a card spans. */
export function rowsOf(size: CardSize): number {
  return Math.ceil(((size === 'number' ? numberHeight : size + around) + gap) / unit);
}
