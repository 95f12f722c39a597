/** What a permission is about. */
export type AccessPlace = { experiment: string } | { model: string };
