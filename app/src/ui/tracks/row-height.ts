/** Height of every row of a track grid, in pixels; tokens.css has the same value as --row. */
export const rowHeight = 56
