/** Ids are not known when the site is built: these pages run from the fallback page. */
export const prerender = false;
export const ssr = false;
