#!/usr/bin/env bash
# Compares a selection from 10,000 members with one from 10, for each algorithm, after "mvn -Pbench test-compile":
#
#   flat.sh [ALGORITHM,...]   default: all
#
# Prints both times in nanoseconds, with JMH's error, and their ratio with its error. FORKS, 5 by default, is the number
# of processes for each of them. On a machine with other work the ratios mean little.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
result=$root/target/bench/flat.csv
parameters=(-p members=10,10000 -p flags=first)
if [ $# -gt 0 ]; then
  parameters+=(-p "algorithm=$1")
fi
"$root/src/bench/run" jmh SelectBenchmark "${parameters[@]}" -f "${FORKS:-5}" -rf csv -rff "$result" >"$result.log"
awk -F, '
  NR > 1 {
    gsub(/"/, "")
    key = $8
    score[key, $10] = $5
    error[key, $10] = $6
    if ($10 == 10) order[++count] = key
  }
  END {
    printf "%-20s %12s %12s %8s\n", "algorithm", "10", "10000", "ratio"
    for (i = 1; i <= count; i++) {
      key = order[i]
      small = score[key, 10]
      large = score[key, 10000]
      ratio = large / small
      spread = ratio * sqrt((error[key, 10] / small) ^ 2 + (error[key, 10000] / large) ^ 2)
      printf "%-20s %6.0f ±%4.0f %6.0f ±%4.0f %6.2f ±%.2f\n", key, small, error[key, 10], large, error[key, 10000],
        ratio, spread
    }
  }' "$result"
