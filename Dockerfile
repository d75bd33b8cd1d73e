# Watchkeeper on a base with Node 24 and glibc. With DATABASE_URL it uses that PostgreSQL; without it, the embedded one
# in /data. `npm run image` builds it, looks at its size and starts it.
ARG BASE=docker.io/library/node:24-bookworm-slim
FROM ${BASE} AS build
# For a network with a certificate authority of its own: a file that is in the base.
ARG NODE_EXTRA_CA_CERTS
WORKDIR /app
COPY . .
# One install with the tools, then they go: what is left is what runs.
RUN npm run build && node scripts/image/strip.mjs

FROM ${BASE}
ENV NODE_ENV=production DATA_DIR=/data PORT=4000
RUN useradd --system --uid 10001 --home-dir /data watchkeeper && mkdir /data && chown watchkeeper /data && chmod 700 /data
WORKDIR /app
COPY --from=build /app /app
USER 10001
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=8", "server/dist/main.mjs", "serve"]
