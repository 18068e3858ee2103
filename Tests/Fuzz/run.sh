#!/bin/sh
# Fuzzes the readers: run.sh PROGRAM SECONDS [TARGET…]. Each target runs for SECONDS; without a TARGET all do, in turn.
#
# What was reached is kept in .build/fuzz-corpus and is where the next run begins; an input that breaks something goes to
# .build/fuzz-findings. Bounds: an input of up to 64 KiB, 64 MiB and 4 times the input for one allocation, and a second
# of the processor for 64 KiB (Promise.swift); a leak is a finding too. Exit code 1 where there is one.
set -u
program=$1
seconds=$2
shift 2
export ASAN_OPTIONS=malloc_context_size=6:quarantine_size_mb=32
# Swift's own account of a crash reads memory that AddressSanitizer forbids.
export SWIFT_BACKTRACE=enable=no
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ $# = 0 ]; then
    set -- mime header html charset mbox tnef encoded_files json forms multipart zip web_chat social_dm text_exports mailbox answer
fi

seeds() {
    case $1 in
        mime) echo "$root/Samples/email" ;;
        mbox) echo "$root/Samples/email" ;;
        forms) echo "$root/Samples/phone_callback" ;;
        zip | text_exports) echo "$root/Samples/social_dm" ;;
        web_chat | social_dm) echo "$root/Samples/$1" ;;
    esac
}

failed=0
# Every prefix and every change of one byte of the samples: no search, so once is enough.
mutate() {
    echo "every change of one byte of Samples/email"
    log=$root/.build/fuzz-findings/mutations.log
    GATEHOUSE_FUZZ_TARGET=mutations "$program" -timeout=3600 -rss_limit_mb=1024 -malloc_limit_mb=65 \
        -artifact_prefix="$root/.build/fuzz-findings/" "$root"/Samples/email/*.eml "$root"/Samples/email/*.mbox >"$log" 2>&1 &&
        grep -c '^Executed' "$log"
}

for target in "$@"; do
    if [ "$target" = mutations ]; then
        mkdir -p "$root/.build/fuzz-findings"
        mutate || failed=1
        continue
    fi
    grown=$root/.build/fuzz-corpus/$target
    findings=$root/.build/fuzz-findings/$target
    mkdir -p "$grown" "$findings"
    set -- "$grown" "$here/corpus/$target"
    for folder in $(seeds "$target"); do set -- "$@" "$folder"; done
    dictionary=$here/dictionaries/$target.dict
    if [ -f "$dictionary" ]; then set -- "-dict=$dictionary" "$@"; fi
    echo "fuzzing $target for $seconds s"
    GATEHOUSE_FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=1024 \
        -malloc_limit_mb=65 -artifact_prefix="$findings/" -print_final_stats=1 -verbosity=1 "$@" 2>&1 \
        | grep -Ev '^#.*(NEW|REDUCE|pulse|RELOAD)' >"$findings/last.log"
    if grep -qE '^(==[0-9]+==|SUMMARY|broken promise)' "$findings/last.log"; then
        failed=1
        grep -E '^(broken promise|SUMMARY|Test unit written|==[0-9]+==ERROR)' "$findings/last.log" | cut -c1-500
    fi
    grep -E '^(Done|stat::(number_of_executed_units|peak_rss_mb|slowest_unit_time_sec))' "$findings/last.log"
done
exit $failed
