/** Height of every row of a track grid, in pixels; the same figure stands in tokens.css as --row. */
export const rowHeight = 56
