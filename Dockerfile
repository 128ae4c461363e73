# docker build -t guildhall . && docker run -p 8080:8080 -v guildhall:/var/lib/guildhall guildhall

FROM rust:1-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev make perl pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked -p guildhall

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/guildhall --create-home guildhall
COPY --from=build /src/target/dist/guildhall /usr/local/bin/guildhall
USER 10001
WORKDIR /var/lib/guildhall
VOLUME /var/lib/guildhall
ENV GUILDHALL_DATABASE=sqlite:/var/lib/guildhall/guildhall.db \
    GUILDHALL_LISTEN=0.0.0.0:8080 \
    GUILDHALL_LOG_FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["guildhall"]
CMD ["serve"]
