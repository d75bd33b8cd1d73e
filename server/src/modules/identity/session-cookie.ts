export const product = 'watchkeeper';

/** The end of the cookie's name, after any security prefix. */
export const sessionCookieEnd = `${product}.session_token`;
