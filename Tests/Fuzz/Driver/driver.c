#include "driver.h"

int LLVMFuzzerRunDriver(int *count, char ***words, int (*read_one)(const uint8_t *, size_t));

int fuzz_main(int count, char **words) { return LLVMFuzzerRunDriver(&count, &words, LLVMFuzzerTestOneInput); }
