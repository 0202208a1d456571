# The machine that the README shows: process 1 of new pid, mount, UTS and cgroup namespaces, which runs the program it is given
# when all is in place. What somebody else has mounted on the machine is none of it.
umount --all --lazy --types nsfs
mount -t tmpfs none /run
mkdir -p /run/netns && touch /run/netns/blue
unshare --net mount --bind /proc/self/ns/net /run/netns/blue

unshare --uts --ipc --net sleep 1000 &
setpriv --reuid 12345 --regid 12345 --clear-groups \
  unshare --user --map-root-user --mount --net sh -c 'unshare --user --net sleep 3000 & exec sleep 2000' &

names() { for pid in /proc/[0-9]*; do tr '\0' ' ' <"$pid/cmdline"; echo; done 2>/dev/null | grep -c '^sleep [123]000 $'; }
while [ "$(names)" -lt 3 ]; do sleep 0.05; done
"$@"
