# Both applications in one image: the API by default, a worker with `node dist/apps/worker/src/main.js`.

FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN node scripts/build.mjs

# The embedded PostgreSQL is an optional package and stays out.
FROM node:20-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY samples ./samples
USER node
EXPOSE 3000 3001
STOPSIGNAL SIGTERM
CMD ["node", "dist/apps/api/src/main.js"]
