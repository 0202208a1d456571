#!/bin/bash
# unshare -Ur flat.sh COUNT: makes so many processes, each in a mount, ipc, network and uts namespace of its own with a hostname, as
# `flat` of pods.ts has them, with unshare(1), hostname(1) and ip(8). Says after how many seconds all were there; ends them, and
# waits for them, so that their time counts as its own.
export PATH=$PATH:/usr/sbin:/sbin
began=$EPOCHREALTIME
ready=$(mktemp -u)
mkfifo "$ready"
exec 3<>"$ready"
rm "$ready"
pids=()
for ((nth = 0; nth < $1; nth++)); do
  unshare -m -i -n -u sh -c "hostname box$nth && ip link show lo >/dev/null && echo >&3 && exec sleep 1000 3>&-" &
  pids+=($!)
done
for ((nth = 0; nth < $1; nth++)); do read -r -u 3; done
took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
printf '%d.%03d\n' $((took / 1000)) $((took % 1000))
kill "${pids[@]}"
wait 2>/dev/null
exit 0
