#!/usr/bin/env bash
# Compares a node with Kamailio on the same work, in turn, in one run, and prints the ratios as tables.
#
#   vs-kamailio.sh [ROUNDS]
#
# ROUNDS is 5 by default. These variables select what is measured:
#   CASES    some of: options invite call tcp-invite tcp-call
#            (options and invite are relayed statelessly, calls statefully; all by default)
#   LOADS    "closed" for a closed loop, and rates in messages per second (closed 1000 10000 30000)
#   SECONDS_PACED  of each paced measurement (10)
#   MESSAGES       of each closed loop (200000)
#   WARM_UP        messages through a node before its first measurement (400000)
#   OUTPUT   a file for all lines of the load (target/bench/vs-kamailio.log)
#
# The servers run on processor 0, the load on processor 1. Needs "mvn package", "mvn -Pbench test-compile" and Kamailio (package
# kamailio); system calls are counted if perf or strace is there. Quote the ratios: the figures of two runs differ.
set -euo pipefail
rounds=${1:-5} cases=${CASES:-options invite call tcp-invite tcp-call} loads=${LOADS:-closed 1000 10000 30000}
seconds=${SECONDS_PACED:-10} messages=${MESSAGES:-200000} warm_up=${WARM_UP:-400000}
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
output=${OUTPUT:-$root/target/bench/vs-kamailio.log}
node_port=5070 kamailio_port=5080
dir=$(mktemp -d)
node= kamailio=
stop() {
  for pid in $node $kamailio; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  node= kamailio=
}
finish() {
  stop
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# describe CASE: what the servers do, the options of the load, and the messages of an exchange
describe() {
  local parameter=
  options=(--case "${1#tcp-}") each=2 mode=stateless relay=forward
  case $1 in *call) each=5 mode=stateful relay=t_relay ;; esac
  case $1 in tcp-*) options+=(--tcp) parameter=';transport=tcp' ;; esac
  for port in 7001 7002 7003 7004; do echo "1 sip:127.0.0.1:$port$parameter 0 0"; done >"$dir/dispatcher.list"
}
fill() { sed -e "s|@DIR@|$dir|g" -e "s|@PORT@|$2|g" -e "s|@MODE@|$mode|g" -e "s|@RELAY@|$relay|g" "$here/$1" >"$dir/$1"; }

# Each case has servers of its own: the memory of a Kamailio that has relayed for long is fragmented, and so it is slower.
start() {
  fill node.conf $node_port
  fill kamailio.cfg $kamailio_port
  SIP_DISPATCHER_DATA=$dir/data taskset -c 0 "$root/target/sip-dispatcher/bin/sip-dispatcher" run -c "$dir/node.conf" \
    >"$dir/node.log" 2>&1 &
  node=$!
  # -x fm: its default allocator is one for debugging.
  taskset -c 0 kamailio -DD -E -x fm -X fm -m 1500 -M 64 -f "$dir/kamailio.cfg" -Y "$dir" >"$dir/kamailio.log" 2>&1 &
  kamailio=$!
  for ((i = 0; i < 900; i++)); do
    grep -q 'listening on' "$dir/node.log" && ss -ltn | grep -q "127.0.0.1:$kamailio_port " && break
    kill -0 "$node" && kill -0 "$kamailio" || { cat "$dir"/*.log >&2; exit 1; }
    sleep 0.1
  done
  kamailio_pids=$kamailio,$(pgrep -P "$kamailio" | paste -sd,)
}

# load SERVER OPTIONS...
load() {
  local port=$node_port pids=$node
  [ "$1" = kamailio ] && port=$kamailio_port pids=$kamailio_pids
  taskset -c 1 "$here/run" load --proxy "127.0.0.1:$port" --pids "$pids" "${options[@]}" "${@:2}"
}

# measure CASE LOAD
measure() {
  local amount=(--rate "$2" --seconds "$seconds") servers more
  [ "$2" = closed ] && amount=(--count $((messages / each)))
  for ((i = 0; i < rounds; i++)); do
    # System calls are the same in each round, and take long to count.
    more=() servers='kamailio node'
    [ "$i" = 0 ] && more=(--system-calls)
    [ $((i % 2)) = 0 ] && servers='node kamailio'
    for server in $servers; do
      load "$server" --warm-up $((40000 / each)) "${amount[@]}" "${more[@]}" |
        tee -a "$dir/$server.$1.$2" | sed "s/^/$server /" | tee -a "$output" >&2
    done
  done
}

# of SERVER CASE LOAD FIGURE: one value for each round that has it
of() { sed -n "s/.* $4=\([0-9.]*\).*/\1/p" "$dir/$1.$2.$3"; }
# ratio CASE LOAD FIGURE
ratio() {
  paste -d' ' <(of node "$1" "$2" "$3") <(of kamailio "$1" "$2" "$3") | awk '$2 > 0 {print $1 / $2}' | sort -n |
    awk '{v[NR] = $1} END {if (NR == 0) print "-"; else if (NR == 1) printf "%.2f", v[1]; else printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR]}'
}
median() { of "$1" "$2" "$3" "$4" | sort -n | awk '{v[NR] = $1} END {print NR == 0 ? "-" : v[int((NR + 1) / 2)]}'; }
sum() { of "$1" "$2" "$3" failed | awk '{s += $1} END {print s + 0}'; }

# table TITLE LOADS FIGURES...: ratios, then medians of the node and of Kamailio
table() {
  local title=$1 wanted=$2 heading rule
  shift 2
  heading="| $title | $(printf '%s | ' "$@")failed |" rule="|---|$(printf -- '---|%.0s' "$@")---|"
  printf '\nnode / Kamailio, median (range) of %d rounds\n\n%s\n%s\n' "$rounds" "$heading" "$rule"
  for case in $cases; do for load in $wanted; do
    printf '| %s, %s |' "$case" "$load"
    for figure; do printf ' %s |' "$(ratio "$case" "$load" "$figure")"; done
    printf ' %s, %s |\n' "$(sum node "$case" "$load")" "$(sum kamailio "$case" "$load")"
  done; done
  printf '\nnode, Kamailio, medians\n\n%s\n%s\n' "$heading" "$rule"
  for case in $cases; do for load in $wanted; do
    printf '| %s, %s |' "$case" "$load"
    for figure; do printf ' %s, %s |' "$(median node "$case" "$load" "$figure")" "$(median kamailio "$case" "$load" "$figure")"; done
    printf ' %s, %s |\n' "$(sum node "$case" "$load")" "$(sum kamailio "$case" "$load")"
  done; done
}

mkdir -p "$(dirname "$output")"
: >"$output"
for case in $cases; do
  describe "$case"
  start
  # Java compiles what is used often; Kamailio takes its memory from the system.
  load node --warm-up $((warm_up / each)) --count 1 >/dev/null
  load kamailio --warm-up $((40000 / each)) --count 1 >/dev/null
  for load in $loads; do measure "$case" "$load"; done
  stop
done
paced=$(printf '%s\n' $loads | grep -v closed | paste -sd' ' || true)
case " $loads " in *' closed '*) table 'closed loop' closed messages_per_s cpu_us syscalls switches ;; esac
[ -z "$paced" ] || table 'messages per second' "$paced" p50_us p99_us p999_us cpu_us syscalls switches
