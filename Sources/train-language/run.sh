#!/bin/sh
# run.sh BIN DATA OUTPUT: makes the language model's table from DATA/train.tar.xz (or DATA/train) and DATA/opencc.
set -eu
bin=$1 data=$2 output=$3
texts=$data/train
if [ ! -d "$texts" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    tar -xJf "$data/train.tar.xz" -C "$folder"
    texts=$folder/train
fi
"$bin/train-language" "$texts" "$data/opencc" "$output.new"
mv "$output.new" "$output"
