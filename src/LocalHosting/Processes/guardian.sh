# Outlives the process that started it and then stops what that process had started.
# Reads "add <pid> <start time> <signal>" and "del <pid>" from standard input. The end of the input means that the
# other side is gone (stopped, crashed or killed): every process still listed gets its signal, the last one first, and after
# the grace time the rest is killed, with all descendants and everything that carries our mark in its environment.
# $1 the mark (NAME=value), $2 the grace time in seconds.
trap '' INT TERM HUP QUIT
exec >/dev/null 2>&1
mark=$1
grace=$2
children=

# Prints "<state> <parent> <session> <start time>"; the name in brackets may contain anything, so cut after its last bracket.
facts() {
    read -r line < "/proc/$1/stat" || return 1
    set -- ${line##*) }
    echo "$1 $2 $4 ${20}"
}

# True while that very process (not a later one with the same number) runs.
runs() {
    now=$(facts "$1") || return 1
    case $now in Z*|X*) return 1 ;; esac
    [ "${now##* }" = "$2" ]
}

# Lists a process, its descendants and the members of its session.
family() {
    found=" $1 "
    grown=1
    while [ "$grown" = 1 ]; do
        grown=0
        for folder in /proc/[0-9]*; do
            pid=${folder#/proc/}
            case $found in *" $pid "*) continue ;; esac
            now=$(facts "$pid") || continue
            set -- "$1" $now
            case $found in
                *" $3 "*) found="$found$pid "; grown=1; continue ;;
            esac
            [ "$4" = "$1" ] && { found="$found$pid "; grown=1; }
        done
    done
    echo "$found"
}

marked() {
    for file in $(grep -lsF -e "$mark" /proc/[0-9]*/environ); do
        pid=${file#/proc/}
        pid=${pid%/environ}
        [ "$pid" = $$ ] || echo "$pid"
    done
}

while read -r verb pid started signal; do
    case $verb in
        add) children="$pid:$started:$signal $children" ;;
        del)
            kept=
            for child in $children; do
                case $child in "$pid":*) ;; *) kept="$kept$child " ;; esac
            done
            children=$kept ;;
    esac
done

doomed=
for child in $children; do
    pid=${child%%:*}
    rest=${child#*:}
    runs "$pid" "${rest%%:*}" || continue
    doomed="$doomed $(family "$pid")"
    kill -s "${rest##*:}" "$pid"
    kill -s CONT "$pid"
done

# Identities are noted now: a number that is given to somebody else during the grace time must not be killed.
identities=
for pid in $doomed; do
    now=$(facts "$pid") && identities="$identities $pid:${now##* }"
done

ticks=$((grace * 10))
while [ "$ticks" -gt 0 ]; do
    left=
    for one in $identities; do
        runs "${one%%:*}" "${one#*:}" && { left=1; break; }
    done
    [ -z "$left" ] && break
    sleep 0.1
    ticks=$((ticks - 1))
done

for one in $identities; do
    runs "${one%%:*}" "${one#*:}" && kill -s KILL "${one%%:*}"
done
for pid in $(marked); do
    kill -s KILL "$pid"
done
