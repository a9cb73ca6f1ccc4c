#!/usr/bin/env bash
# Compares the processor time of a node with that of Kamailio on the same work over TLS, in turn, in one run: relaying from
# UDP to TLS and from TLS to UDP, and complete handshakes. Prints the ratios.
#
#   tls-vs-kamailio.sh [ROUNDS]
#
# COUNT (20000) requests and HANDSHAKES (4000) for each measurement; CASES selects some of: udp-udp udp-tls tls-udp full resumed.
# The servers run on processor 0, the load on processor 1. Needs `mvn package`, gcc, OpenSSL with its headers, and Kamailio
# with its module tls (packages gcc libssl-dev kamailio kamailio-tls-modules). Quote the ratios: the figures of two runs differ.
set -euo pipefail
rounds=${1:-5} count=${COUNT:-20000} shakes=${HANDSHAKES:-4000} cases=${CASES:-udp-udp udp-tls tls-udp full resumed}
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../target/sip-dispatcher/bin/sip-dispatcher
dir=$(mktemp -d)
node= kamailio=
stop() {
  for pid in $node $kamailio; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
finish() {
  stop
  rm -rf "$dir"
}
trap finish EXIT

gcc -O2 -o "$dir/tlsload" "$here/tlsload.c" -lssl -lcrypto
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/ca.key" -out "$dir/ca.pem" -days 2 -subj /CN=ca 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/server.key" -out "$dir/server.csr" -subj /CN=server \
  -addext subjectAltName=IP:127.0.0.1 2>/dev/null
openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 -copy_extensions copy \
  -out "$dir/server.pem" 2>/dev/null
printf '1 sip:127.0.0.1:7001 0 0\n2 sip:127.0.0.1:7002;transport=tls 0 0\n' >"$dir/dispatcher.list"
fill() { sed -e "s|@DIR@|$dir|g" -e "s|@UDP@|$2|g" -e "s|@TLS@|$3|g" "$here/$1" >"$dir/$1"; }
fill tls-node.conf 5070 5071
fill tls-kamailio.cfg 5080 5081
fill tls.cfg 5080 5081

# Each case has servers of its own: the memory of a Kamailio that has relayed for long is fragmented, and so it is slower.
start() {
  SIP_DISPATCHER_DATA=$dir/data taskset -c 0 "$program" run -c "$dir/tls-node.conf" >"$dir/node.log" 2>&1 &
  node=$!
  # -x fm: its default allocator is one for debugging.
  taskset -c 0 kamailio -DD -E -x fm -X fm -m 1500 -M 64 -f "$dir/tls-kamailio.cfg" -Y "$dir" >"$dir/kamailio.log" 2>&1 &
  kamailio=$!
  for ((i = 0; i < 900; i++)); do
    grep -q 'listening on' "$dir/node.log" && ss -ltn | grep -q '127.0.0.1:5081 ' && break
    kill -0 "$node" && kill -0 "$kamailio" || { cat "$dir"/*.log; exit 1; }
    sleep 0.1
  done
  of_kamailio=$kamailio,$(pgrep -P "$kamailio" | paste -sd,)
}

# load SERVER CASE COUNT
load() {
  local udp=5070 pids=$node
  [ "$1" = kamailio ] && udp=5080 pids=$of_kamailio
  local tls=$((udp + 1)) both=(-C "$dir/server.pem" -K "$dir/server.key" -P "$pids" -n "$3")
  case $2 in
    udp-udp) set -- -x $udp -i udp -o udp -d 7001 -u udp ;;
    udp-tls) set -- -x $udp -i udp -o tls -d 7002 -u tls ;;
    tls-udp) set -- -x $tls -i tls -o udp -d 7001 -u udp ;;
    full) set -- -x $tls -H ;;
    resumed) set -- -x $tls -H -R ;;
  esac
  taskset -c 1 "$dir/tlsload" "$@" "${both[@]}"
}
amount() { case $1 in full | resumed) echo "$shakes" ;; *) echo "$count" ;; esac; }
warm_up() { case $1 in full | resumed) echo 5000 ;; *) echo 200000 ;; esac; }
quantity() { sed "s/.* $1=\([0-9.]*\).*/\1/" "$2"; }
spread() { sort -n | awk '{v[NR] = $1} END {printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR]}'; }

for case in $cases; do
  start
  # Java compiles what is used often; Kamailio takes its memory from the system.
  load node "$case" "$(warm_up "$case")" >/dev/null
  load kamailio "$case" "$(amount "$case")" >/dev/null
  for ((i = 0; i < rounds; i++)); do
    for server in node kamailio; do
      load "$server" "$case" "$(amount "$case")" | tee -a "$dir/$server.$case" | sed "s/^/$server /"
    done
  done
  stop
  for figure in cpu_us per_s; do
    printf '%s: %s, node / Kamailio, median (range) of %d: %s\n' "$case" "$figure" "$rounds" \
      "$(paste -d' ' <(quantity $figure "$dir/node.$case") <(quantity $figure "$dir/kamailio.$case") | awk '{print $1 / $2}' | spread)"
  done
done
