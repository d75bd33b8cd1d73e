export const product = 'watchkeeper';

/** How the name of the cookie ends, whatever the browser is made to promise of it by the prefix. */
export const sessionCookieEnd = `${product}.session_token`;
