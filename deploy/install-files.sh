#!/bin/sh
# Puts everything that belongs to an installed Gatehouse into its place, or takes it away again:
#
#     install-files.sh install PROGRAM      the built program; man pages and completions are made by it
#     install-files.sh uninstall
#
# PREFIX (/usr/local) and DESTDIR (nothing) say where. State, configuration and user are none of its business: the Debian
# package makes them, or the person who installs by hand (deploy/docs/quick-start.md).
set -eu

action=${1:-}
program=${2:-}
prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
share=$root/share
units=$root/lib/systemd/system
zsh=$share/zsh/${ZSH_FOLDER:-site-functions}
repository=$(cd "$(dirname "$0")/.." && pwd)

# place MODE FILE TARGET: copies a text; the paths in it that `make install` fills name the prefix.
place() {
    install -d -m 0755 "$(dirname "$3")"
    sed "s#/usr/local/\(bin\|share\)/#$prefix/\1/#g" "$2" >"$3"
    chmod "$1" "$3"
}

# make_by_program WORD TARGET: what the program writes itself, from the words of its --help.
make_by_program() {
    install -d -m 0755 "$(dirname "$2")"
    "$program" completion "$1" >"$2"
    chmod 0644 "$2"
}

install_all() {
    install -d -m 0755 "$root/bin"
    install -m 0755 "$program" "$root/bin/gatehouse"
    make_by_program man "$share/man/man1/gatehouse.1"
    make_by_program man5 "$share/man/man5/gatehouse.jsonc.5"
    make_by_program bash "$share/bash-completion/completions/gatehouse"
    make_by_program zsh "$zsh/_gatehouse"
    make_by_program fish "$share/fish/vendor_completions.d/gatehouse.fish"
    for unit in gatehouse.service gatehouse.timer; do
        place 0644 "$repository/deploy/systemd/$unit" "$units/$unit"
    done
    for schema in "$repository"/deploy/schema/*.schema.json; do
        place 0644 "$schema" "$share/gatehouse/schema/$(basename "$schema")"
    done
    place 0755 "$repository/deploy/webhook/ingest-payload" "$share/gatehouse/webhook/ingest-payload"
    place 0644 "$repository/deploy/cgi/source.cgi.in" "$share/gatehouse/cgi/source.cgi.in"

    # The manual, in the repository's layout, so that the links between its pages hold.
    for text in README.md ARCHITECTURE.md CHANGELOG.md LICENSE NOTICE; do
        place 0644 "$repository/$text" "$share/doc/gatehouse/$text"
    done
    for folder in "$repository"/deploy/*/; do
        for file in "$folder"*; do
            # How the package and the demo are made is of no use to who has them.
            case $file in */demo/* | */debian/[!R]*) continue ;; esac
            if [ -f "$file" ]; then
                place 0644 "$file" "$share/doc/gatehouse/deploy/$(basename "$folder")/$(basename "$file")"
            fi
        done
    done
    place 0644 "$repository/deploy/gatehouse.jsonc" "$share/doc/gatehouse/deploy/gatehouse.jsonc"
}

uninstall_all() {
    rm -f "$root/bin/gatehouse" "$share/man/man1/gatehouse.1" "$share/man/man5/gatehouse.jsonc.5" \
        "$share/bash-completion/completions/gatehouse" \
        "$zsh/_gatehouse" "$share/fish/vendor_completions.d/gatehouse.fish" \
        "$units/gatehouse.service" "$units/gatehouse.timer"
    rm -rf "$share/gatehouse" "$share/doc/gatehouse"
}

case $action in
    install)
        if [ ! -x "$program" ]; then
            echo "install-files.sh: there is no program '$program': make release builds it" >&2
            exit 66
        fi
        install_all
        ;;
    uninstall) uninstall_all ;;
    *)
        echo "Usage: install-files.sh install PROGRAM | uninstall" >&2
        exit 64
        ;;
esac
