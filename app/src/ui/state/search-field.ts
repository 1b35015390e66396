/** The DOM id of the search field in the banner: the search page moves the focus between the field and its results. */
export const searchFieldId = 'search-box'

export const searchField = (): HTMLElement | undefined => document.getElementById(searchFieldId) ?? undefined
