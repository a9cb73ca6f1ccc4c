#!/bin/sh
# Figures of one node with many destinations: start, reloads, half of the rows changed, half of the destinations dead.
#   mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
#   src/bench/scale.sh [DESTINATIONS] [SETS]
# Compare with 4 destinations, and with the classes of an earlier release in CLASSES.
set -eu
cd "$(dirname "$0")/../.."
exec java -Xmx1g -XX:+UseSerialGC -Dlogback.configurationFile=conf/logback.xml \
  -cp "${CLASSES:-target/classes}:target/test-classes:$(cat target/classpath)" \
  org.sipdispatch.app.ScaleRun "${1:-20000}" "${2:-1}"
