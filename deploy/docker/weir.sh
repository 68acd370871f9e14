#!/bin/sh
# The launcher inside the image: what is here is built already.
grep -qsF '[never]' /sys/kernel/mm/transparent_hugepage/enabled || huge_pages=-XX:+UseTransparentHugePages
# shellcheck disable=SC2086
exec java \
  --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.net=ALL-UNNAMED \
  --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.time=ALL-UNNAMED \
  --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED -Dpekko.scheduler.tick-duration=100ms -XX:TrimNativeHeapInterval=10000 \
  -XX:G1ConcRefinementGreenZone=1000 ${huge_pages:-} -XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError ${WEIR_JAVA_OPTS:-} \
  -Dweir.job.libs=/opt/weir/job-libs -cp '/opt/weir/weir.jar:/opt/weir/lib/*' dev.weir.standalone.Weir "$@"
