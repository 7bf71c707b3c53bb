# syntax=docker/dockerfile:1
# Native code, non-root, no shell. Build for both architectures with:
#   docker buildx build --platform linux/amd64,linux/arm64 -t ghcr.io/family-assistant/operator:0.1.0 .
ARG DOTNET=10.0

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET}-noble-aot AS build
ARG TARGETARCH
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt BannedSymbols.Product.txt .editorconfig ./
COPY src/ src/
RUN case "$TARGETARCH" in amd64) rid=linux-x64;; arm64) rid=linux-arm64;; *) echo "unsupported $TARGETARCH" >&2; exit 1;; esac \
 && dotnet publish src/FamilyAssistant.Operator -c Release -r "$rid" -p:PublishAot=true -p:StripSymbols=true -o /publish

# Chiseled: no shell and no package manager, but OpenSSL and the certificates, which the native executable loads. Extra: the time zones of the schedules.
FROM mcr.microsoft.com/dotnet/runtime-deps:${DOTNET}-noble-chiseled-extra
LABEL org.opencontainers.image.title="Family Assistant operator" \
      org.opencontainers.image.description="Runs Family Assistant instances on Kubernetes"
COPY --from=build /publish/family-assistant-operator /family-assistant-operator
USER 65532:65532
ENTRYPOINT ["/family-assistant-operator"]
