case " $* " in *" enter "* | *" run "*)
{ while read -r nsatlas_key nsatlas_value nsatlas_rest; do case $nsatlas_key in
SigBlk:) nsatlas_blocked=$nsatlas_value ;; SigIgn:) nsatlas_ignored=$nsatlas_value; break ;; esac; done </proc/$$/status;
while read -r nsatlas_a nsatlas_b nsatlas_c nsatlas_soft nsatlas_rest; do case "$nsatlas_a $nsatlas_b $nsatlas_c" in
"Max open files") break ;; esac; done </proc/$$/limits; } 2>/dev/null;
[ -z "$BASH_VERSION" ] || [ -n "$(trap -p QUIT)" ] || nsatlas_ignored=$nsatlas_ignored-3;
nsatlas_closed=-; for nsatlas_fd in 0 1 2; do [ -e /proc/$$/fd/$nsatlas_fd ] || nsatlas_closed=$nsatlas_closed$nsatlas_fd; done;
nsatlas_environ=$(LC_ALL=C base64 2>/dev/null </proc/$$/environ) && nsatlas_environ=$nsatlas_environ. || nsatlas_environ=; [ ${#nsatlas_environ} -lt 100000 ] || nsatlas_environ=;
export NSATLAS_CALLER="$$ $nsatlas_soft $nsatlas_blocked $nsatlas_ignored $nsatlas_closed $nsatlas_environ" ;; esac;
exec node "$0" "$@"
