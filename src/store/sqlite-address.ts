/** The file that an address such as `sqlite:./data/sayso.db` names, or `:memory:`; null: it is no such address. */
export const sqliteName = (url: string): string | null =>
  /^sqlite:((?!\/\/)[^\s?#]+)$/.exec(url)?.[1] ?? null;
