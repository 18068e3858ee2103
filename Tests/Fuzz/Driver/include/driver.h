// SwiftPM calls the `main` of an executable target `<target>_main`; this one hands over to libFuzzer's.
#pragma once
#include <stddef.h>
#include <stdint.h>

int fuzz_main(int count, char **words);

// In FuzzMain.swift.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);
