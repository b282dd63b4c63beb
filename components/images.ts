/**
 * Images of the in-cluster drivers: the official ones, at the major version whose server the proofs run. An
 * environment that demands digests or has a mirror names its own with the driver's `image` param.
 */
export const IMAGES = {
  postgres: "docker.io/library/postgres:15",
  mariadb: "docker.io/library/mariadb:10.11",
  mssql: "mcr.microsoft.com/mssql/server:2022-CU14-ubuntu-22.04",
  redis: "docker.io/library/redis:7.0",
  mongo: "docker.io/library/mongo:7.0",
  rabbitmq: "docker.io/library/rabbitmq:3.10",
  kafka: "docker.io/apache/kafka:3.9.1",
  minio: "docker.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
  llama: "ghcr.io/ggml-org/llama.cpp:server",
} as const;
