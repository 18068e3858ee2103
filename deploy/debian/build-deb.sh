#!/bin/sh
# Builds the Debian package from the program that `make release` has built:
#
#     build-deb.sh PROGRAM FOLDER       writes FOLDER/gatehouse_VERSION_ARCHITECTURE.deb
#
# Needs dpkg-dev and binutils, and no root. DEB_VERSION overrides the version (the tests try an upgrade by it). What the program
# depends on is read from the program itself by dpkg-shlibdeps; libcurl, which the program loads only when it makes a connection,
# stands in control.in. DEB_LEVEL is how hard xz tries. DEBFULLNAME and DEBEMAIL name the maintainer, as for Debian's own tools; else the changelog does.
set -eu

program=$1
target=$2
here=$(cd "$(dirname "$0")" && pwd)
for tool in dpkg-deb dpkg-shlibdeps strip gzip; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "build-deb.sh: $tool is missing: apt-get install dpkg-dev binutils" >&2
        exit 69
    fi
done

version=$("$program" --version | sed 's/^gatehouse //')
written=$(sed -n '1s/.*(\([^)]*\)).*/\1/p' "$here/changelog")
if [ "$version" != "$written" ]; then
    echo "build-deb.sh: the program is version $version, deploy/debian/changelog says $written" >&2
    exit 65
fi
version=${DEB_VERSION:-$version}
architecture=$(dpkg --print-architecture)
maintainer=$(sed -n 's/^ -- \(.*>\)  .*/\1/p' "$here/changelog" | head -n 1)
if [ -n "${DEBEMAIL:-}" ]; then maintainer="${DEBFULLNAME:-Gatehouse maintainers} <$DEBEMAIL>"; fi

umask 022
work=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/tree
DESTDIR=$tree PREFIX=/usr ZSH_FOLDER=vendor-completions "$here/../install-files.sh" install "$program"

# As Debian's policy has it: stripped, compressed, and the licence only named.
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$tree/usr/bin/gatehouse"
gzip -9n "$tree"/usr/share/man/man?/*
doc=$tree/usr/share/doc/gatehouse
rm "$doc/LICENSE"
gzip -9nc "$here/changelog" >"$doc/changelog.gz"
install -m 0644 "$here/copyright" "$here/README.Debian" "$doc/"
install -d -m 0755 "$tree/usr/share/lintian/overrides"
install -m 0644 "$here/lintian-overrides" "$tree/usr/share/lintian/overrides/gatehouse"

# dpkg-shlibdeps wants to stand beside a source package's control file.
mkdir -p "$work/source/debian"
printf 'Source: gatehouse\n\nPackage: gatehouse\nArchitecture: any\n' >"$work/source/debian/control"
depends=$(cd "$work/source" && dpkg-shlibdeps -O -e"$tree/usr/bin/gatehouse" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
if [ -z "$depends" ]; then
    echo "build-deb.sh: dpkg-shlibdeps found no dependencies" >&2
    exit 70
fi

mkdir "$tree/DEBIAN"
sed -e "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@DEPENDS@|$depends|" \
    -e "s|@MAINTAINER@|$(printf '%s' "$maintainer" | sed 's/[|&\\]/\\&/g')|" \
    -e "s|@SIZE@|$(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f1)|" "$here/control.in" >"$tree/DEBIAN/control"
for script in postinst prerm postrm; do install -m 0755 "$here/$script" "$tree/DEBIAN/$script"; done
(cd "$tree" && find usr -type f -exec md5sum {} +) | LC_ALL=C sort -k2 >"$tree/DEBIAN/md5sums"

# The same sources give the same package, byte for byte.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(dpkg-parsechangelog -l "$here/changelog" -S Timestamp)}
export SOURCE_DATE_EPOCH
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$target"
dpkg-deb --root-owner-group -Zxz "-z${DEB_LEVEL:-6}" --build "$tree" "$target/gatehouse_${version}_$architecture.deb" >/dev/null
echo "$target/gatehouse_${version}_$architecture.deb"
