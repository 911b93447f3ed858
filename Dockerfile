# The function as a container image for Lambda. docs/deploy.md describes how to build, test and deploy it.
#   docker build --platform linux/arm64 --build-arg ROUTES=routes.json -t fasttrigger .
# Both base images accept a digest: --build-arg BASE_IMAGE=public.ecr.aws/lambda/provided@sha256:...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG BASE_IMAGE=public.ecr.aws/lambda/provided:al2023

# The compiler runs on the machine's own processor, for any target architecture.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
WORKDIR /source
# The packages are a layer that changes only with the project files.
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig ./
COPY build/native.props build/stock.props build/
COPY src/FastTrigger/FastTrigger.csproj src/FastTrigger/
COPY src/FastTrigger.Bootstrap/FastTrigger.Bootstrap.csproj src/FastTrigger.Bootstrap/
COPY src/FastTrigger.Cli/FastTrigger.Cli.csproj src/FastTrigger.Cli/
ARG TARGETARCH
RUN case "$TARGETARCH" in arm64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac \
 && dotnet restore src/FastTrigger.Bootstrap -r "$rid" -p:Native=true \
 && dotnet restore src/FastTrigger.Cli
COPY bootstrap.sh ./
COPY build build
COPY src src
ARG ROUTES=build/demo/routes.json
COPY ${ROUTES} routes.json
# pack checks architecture, C library, symbols, size and routes before the deployment.
RUN case "$TARGETARCH" in arm64) arch=arm64 ;; *) arch=x86_64 ;; esac \
 && ./bootstrap.sh build \
 && ./bootstrap.sh build --arch "$arch" \
 && artifacts/fasttrigger pack --arch "$arch" --routes routes.json --out artifacts/function.zip \
 && if [ -d "artifacts/$arch" ]; then from="artifacts/$arch"; else from=artifacts; fi \
 && mkdir /function && cp "$from/bootstrap" "$from/amazon-roots.pem" /function/

# --target bare: the function alone, without a base. It has no emulator, and only Amazon's roots for the certificates of websites.
FROM scratch AS bare
COPY --from=build /function/bootstrap /var/runtime/bootstrap
COPY --from=build /function/amazon-roots.pem /source/routes.json /var/task/
ENV LAMBDA_TASK_ROOT=/var/task
ENTRYPOINT ["/var/runtime/bootstrap"]

FROM ${BASE_IMAGE}
# The entry point of the base image starts /var/runtime/bootstrap: directly on Lambda, elsewhere behind its Runtime Interface Emulator.
COPY --from=build /function/bootstrap /var/runtime/bootstrap
COPY --from=build /function/amazon-roots.pem /source/routes.json /var/task/
ENV LAMBDA_TASK_ROOT=/var/task
# The entry point needs a handler name, which the function ignores.
CMD ["bootstrap"]
