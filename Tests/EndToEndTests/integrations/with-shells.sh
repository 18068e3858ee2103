#!/bin/sh
# bash, zsh, fish and man: completions offer commands, options, words and values; the manual pages have no fault for groff.
# packages: bash bash-completion zsh fish man-db groff-base
. ./common.sh

"$DEPLOY/install-files.sh" install /opt/gatehouse/programs/gatehouse

# offered SHELL WORDS…: what that shell offers for the last word, one a line.
in_bash() {
    bash -c '. /usr/share/bash-completion/bash_completion 2>/dev/null
        . /usr/local/share/bash-completion/completions/gatehouse
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gatehouse; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
in_fish() { fish -c "source /usr/local/share/fish/vendor_completions.d/gatehouse.fish; complete -C '$*'" | cut -f 1; }
has() { grep -qx -- "$1" || fail "$2: no '$1'"; }

for shell in in_bash in_fish; do
    $shell gatehouse rec | has reconcile "$shell, commands"
    $shell gatehouse ingest --cha | has --channel "$shell, options"
    $shell gatehouse ingest --channel web | has web_chat "$shell, values"
    $shell gatehouse ingest --format rfc | has rfc5322 "$shell, formats"
    $shell gatehouse dead re | has retry "$shell, words"
    $shell gatehouse completion z | has zsh "$shell, words"
    $shell gatehouse help pol | has poll "$shell, help"
done
in_bash gatehouse ingest --channel = web | has web_chat "bash, behind an equals sign"
(cd /opt/gatehouse && in_bash gatehouse parse Samples/email/bou) | has Samples/email/bounce.eml "bash, files"

# zsh's system works in a line editor only: its pieces are asked for what they would offer.
zsh -n /usr/local/share/zsh/site-functions/_gatehouse
zsh -c 'fpath=(/usr/local/share/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -d /var/tmp/zcompdump
    [[ ${_comps[gatehouse]} == _gatehouse ]] || exit 1
    _describe() { print -l -- "${(@P)2}" }
    _arguments() { print -l -- "$@" }
    words=(gatehouse ""); CURRENT=2; _gatehouse >/var/tmp/commands
    words=(gatehouse ingest ""); CURRENT=3; _gatehouse >/var/tmp/options
    words=(gatehouse dead ""); CURRENT=3; _gatehouse >/var/tmp/words' || fail "zsh does not find the completion"
grep -q '^reconcile:' /var/tmp/commands || fail "zsh, commands"
grep -q '^\*--channel\[.*(email social_dm web_chat phone_callback)$' /var/tmp/options || fail "zsh, values"
grep -qx '1:word:(list .*retry.*)' /var/tmp/words || fail "zsh, words"

# By hand, as the manual says it.
follow docs/operating
cmp /usr/share/bash-completion/completions/gatehouse /usr/local/share/bash-completion/completions/gatehouse
rm /usr/share/bash-completion/completions/gatehouse /usr/share/zsh/vendor-completions/_gatehouse \
    /usr/share/fish/vendor_completions.d/gatehouse.fish

export MANPATH=/usr/local/share/man MANWIDTH=100
for page in 1:gatehouse 5:gatehouse.jsonc; do
    file=$(man -w "${page%%:*}" "${page#*:}")
    groff -K utf8 -man -Tutf8 -ww -z "$file" 2>/var/tmp/groff
    [ -s /var/tmp/groff ] && fail "groff finds fault with $file: $(head -n 3 /var/tmp/groff)"
    lines=$(man "${page%%:*}" "${page#*:}" | wc -l)
    [ "$lines" -gt 200 ] || fail "$file has $lines lines"
done
man 1 gatehouse | grep -q 'ingest' || fail "gatehouse(1) does not name ingest"
man 5 gatehouse.jsonc | grep -q 'state_dir' || fail "gatehouse.jsonc(5) does not name state_dir"

DESTDIR='' "$DEPLOY/install-files.sh" uninstall
expect "files left by uninstall" "$(find /usr/local -name '*gatehouse*' | tr '\n' ' ')" ""
proved "bash, zsh and fish offer commands, options, words and values; both manual pages are clean; uninstall leaves nothing"
