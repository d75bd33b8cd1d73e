# Watchkeeper on Debian slim. With DATABASE_URL it uses that PostgreSQL; without it, the embedded one in /data.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY server/package.json server/
COPY web/package.json web/
COPY packages/client/package.json packages/client/
COPY packages/contracts/package.json packages/contracts/
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data PORT=4000
RUN useradd --system --uid 10001 --home-dir /data watchkeeper && mkdir /data && chown watchkeeper /data && chmod 700 /data
WORKDIR /app
COPY --from=build /app /app
USER 10001
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=8", "server/src/main.ts", "serve"]
