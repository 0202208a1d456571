#!/bin/sh
# A pod without root: a user namespace with a network and a host name of its own, and in it three containers, each with a user
# namespace of its own. Ended with whoever started it, all of it ends.
exec unshare --map-root-user --pid --fork --kill-child --net --uts sh -c '
  hostname pod
  for name in web db cache; do
    unshare --map-root-user --pid --fork --kill-child --mount --mount-proc --ipc --uts \
      sh -c "hostname $name; exec sleep 1000" &
  done
  wait'
