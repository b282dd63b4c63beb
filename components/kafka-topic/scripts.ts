import { PATHS } from "../base/server.ts";
import type { TopicSpec } from "./topic.plan.ts";

/** There while the topic is as the plan says. */
export const MADE = "/tmp/fairway-topic";

/**
 * Formats an empty disk, then becomes the broker; beside it the topic is made, or given more partitions. A start that
 * was interrupted is taken up where it ended: formatting a formatted disk and making a topic that is there do nothing.
 */
export const START = `#!/bin/sh
set -eu
PATH="$PATH:/opt/kafka/bin"
rm -f ${MADE}
kafka-storage.sh format --ignore-formatted --cluster-id "$FAIRWAY_CLUSTER" \\
  --config ${PATHS.config}/server.properties >&2
topics() {
  KAFKA_HEAP_OPTS=-Xmx64m kafka-topics.sh --bootstrap-server 127.0.0.1:9092 --topic "$FAIRWAY_TOPIC" "$@"
}
(
  until answer="$(topics --create --if-not-exists --partitions "$FAIRWAY_PARTITIONS" --replication-factor 1)"; do
    sleep 2
  done
  case "$answer" in
    Created*) ;;
    *)
      # Refused where it has as many already.
      topics --alter --partitions "$FAIRWAY_PARTITIONS" || true
      ;;
  esac
  touch ${MADE}
) >&2 &
exec kafka-server-start.sh ${PATHS.config}/server.properties
`;

/** The broker's configuration: broker and controller in one, which nobody else ever joins. */
export const configuration = (
  host: string,
  { retentionHours }: Pick<TopicSpec, "retentionHours">,
): string => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=CLIENTS://:9092,CONTROLLER://127.0.0.1:9093
advertised.listeners=CLIENTS://${host}:9092
listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENTS
log.dirs=${PATHS.data}/kafka
log.retention.hours=${retentionHours}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`;

/** Everything worth knowing goes to the container's output. */
export const LOGGING = `log4j.rootLogger=INFO, stdout
log4j.logger.kafka=WARN
log4j.logger.org.apache.kafka=WARN
log4j.logger.kafka.server.KafkaRaftServer=INFO
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %c %m%n
`;
